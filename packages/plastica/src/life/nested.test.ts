/** Files within snapshots: they come back as they were, and what cannot have been written is told. */
import { expect, test } from "vitest";
import { readSafetensors, writeSafetensors } from "../compute/safetensors.ts";
import { SnapshotError } from "../errors.ts";
import { relu } from "../network/neurons.ts";
import { dense, sequential } from "../network/sequential.ts";
import { flattened, unflattened } from "./nested.ts";
import { networkFile, networkOf } from "./network-file.ts";

const network = sequential({ inputs: 3, seed: 2, normaliseInputs: { decay: 0.9 } }, [
  dense(5, relu(), { layerNorm: true }),
  dense(2),
]);
const file = networkFile(network);

test("a file comes back byte for byte, and leaves the others alone", () => {
  const { tensors, files } = flattened("succession", { student: file });
  const own = { name: "hidden1/w", dtype: "F32", shape: [1], data: Float32Array.of(7) } as const;
  const all = readSafetensors(writeSafetensors([own, ...tensors])).tensors;
  expect([...all.keys()]).toContain("succession/student/input-hidden1/w");
  const back = unflattened(["packnet", "succession"], { succession: files }, all);
  expect(back.nested).toEqual([{}, { student: file }]);
  expect([...back.own.keys()]).toEqual(["hidden1/w"]);
});

test.each([
  ["a list", [], "not an object by name"],
  ["a word", "teacher", "not an object by name"],
  ["another policy's", { dropin: {} }, "files of dropin, a policy that this learner has not"],
  ["files that are none", { packnet: { teacher: 3 } }, "not an object by name"],
  [
    "metadata that are no strings",
    { packnet: { teacher: { format: 3 } } },
    "metadata of packnet/teacher are not strings",
  ],
])("%s is no description of files", (_, files, message) => {
  expect(() => unflattened(["packnet"], files, new Map())).toThrow(message);
  expect(() => unflattened(["packnet"], files, new Map())).toThrow(SnapshotError);
});

test("what is no network is told", () => {
  const { metadata, tensors } = readSafetensors(file);
  const named = [...tensors].map(([name, tensor]) => ({ ...tensor, name }));
  expect(() => networkOf(writeSafetensors(named))).toThrow("the file has no network");
  expect(() => networkOf(writeSafetensors(named.slice(1), metadata))).toThrow("it was damaged");
  expect(() => networkOf(Uint8Array.of(1, 2, 3))).toThrow(SnapshotError);
  expect(
    networkOf(file)
      .population("hidden1")
      .neurons.map(({ id }) => id),
  ).toEqual([3, 4, 5, 6, 7]);
});

/** Files that somebody has changed, digest and all: each ends in a SnapshotError, and the learner is as it was. */
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readSafetensors, type Tensor, writeSafetensors } from "../compute/safetensors.ts";
import { SnapshotError, ValueError } from "../errors.ts";
import { digestOf } from "./snapshot.ts";
import type { State } from "./snapshot-state.ts";
import { observe, untidy } from "./testing.ts";
import { variedLife } from "./varied-life.testing.ts";

const valid = variedLife().snapshot("a note");
const learner = variedLife();
observe(learner, 40, 60);
learner.grow("hidden2", 7);
/** What its memory holds, and what it reads from there. */
const whole = () => [learner.fingerprint(), ...learner.predict([0.3, -0.2, 0.5])];
let before: unknown[] = [];
beforeEach(() => (before = whole()));
afterEach(() => {
  expect(whole()).toEqual(before);
  expect(untidy(learner.network)).toEqual([]);
});

/** The valid file (or another) with other contents and the right digest: made by somebody, not by chance. */
function forged(
  change: (tensors: Map<string, Tensor>, state: State) => unknown,
  text?: string,
  note = "1",
  file = valid,
): Uint8Array {
  const { tensors, metadata } = readSafetensors(file);
  const copies = new Map<string, Tensor>();
  for (const [name, { dtype, shape, data }] of tensors)
    copies.set(name, { dtype, shape, data: data.slice() } as Tensor);
  const state = JSON.parse(metadata.plastica) as State;
  const changed = change(copies, state);
  const plastica = text ?? JSON.stringify(changed === undefined ? state : changed);
  const digest = digestOf([plastica, note], copies);
  const named = [...copies].map(([name, tensor]) => ({ name, ...tensor }));
  return writeSafetensors(named, { format: "plastica", plastica, note, digest });
}

test("what is forged without change is taken up", () => {
  const other = variedLife();
  observe(other, 40, 50);
  expect(other.restore(forged(() => {}))).toBe(1);
  expect(other.fingerprint()).toBe(variedLife().fingerprint());
});

test("a life of other layers, of which one number is NaN, leaves the learner the layers it had", () => {
  const other = variedLife();
  other.insertLayer("hidden1-hidden2");
  const bad = forged((tensors) => void (tensors.get("hidden1/bias")!.data[0] = NaN), undefined, "1", other.snapshot());
  expect(() => learner.restore(bad)).toThrow(/hidden1\/bias holds NaN at 0/);
});

function put(state: object, path: readonly string[], value: unknown): void {
  let owner = state as Record<string, unknown>;
  for (const key of path.slice(0, -1)) owner = owner[key] as typeof owner;
  owner[path.at(-1)!] = value;
}

/** The valid file with another value at a place in its state; undefined leaves it out. */
const lie = (place: string, value?: unknown) => forged((_, state) => put(state, place.split("."), value));
const states: [string, () => Uint8Array, RegExp][] = [
  ["null", () => forged(() => null), /version undefined/],
  ["a list", () => forged(() => []), /version undefined/],
  ["not JSON", () => forged(() => {}, "{"), /not JSON/],
  ["another version", () => lie("version", 2), /of version 2: this engine reads version 1/],
  ["no kind", () => lie("kind"), /arithmetic is undefined/],
  ["a kind that is a number", () => lie("kind", 7), /arithmetic is undefined/],
  ["deeper than the stack", () => forged(() => {}, `{"version":1,"kind":${"[".repeat(1e5)}`), /nested deeper/],
  ["a bottomless kind", () => lie("kind.rule", JSON.parse("[".repeat(99) + "]".repeat(99))), /nested deeper/],
  ["a note that is not JSON", () => forged(() => {}, undefined, "{"), /note is not JSON/],
  ["a step of -1", () => lie("step", -1), /step is -1: a whole number from 0/],
  ["a step of 1.5", () => lie("step", 1.5), /step is 1.5/],
  ["a step of 1e300", () => lie("step", 1e300), /step is 1e\+300/],
  ["a step as text", () => lie("step", "32"), /step is "32"/],
  ["a step before births", () => lie("step", 2), /born holds \d+: steps are 0 to 2/],
  ["ids to come that have been", () => lie("nextId", 9), /below nextId, which is 9/],
  ["no composition", () => lie("composition"), /it has no composition/],
  ["no layers", () => lie("composition.layers"), /layers are not a list/],
  ["no links", () => lie("composition.links", 3), /links are not a list/],
  ["a stranger among layers", () => lie("composition.layers.1", "nobody"), /has a layer "nobody", which/],
  ["a layer that is null", () => lie("composition.layers.1", null), /has a layer null, which/],
  [
    "a layer of no known model",
    () => lie("composition.layers.1", { name: "a", model: "__proto__", options: {}, bias: true, layerNorm: false }),
    /has a layer \{"name":"a".*which this learner cannot make/,
  ],
  ["a layer twice", () => lie("composition.layers.1", "hidden2"), /layers are input, hidden2, hidden2, output/],
  [
    "layers in another order",
    () => lie("composition.layers", ["output", "input"]),
    /begin with input, end with output/,
  ],
  ["a projection of nobody", () => lie("composition.links.0", "a-b"), /has a projection "a-b"/],
  ["a projection twice", () => lie("composition.links.1", "input-hidden1"), /they differ/],
  [
    "a projection back",
    () => lie("composition.links.1", { pre: "hidden2", post: "hidden1", initialiser: "kaiming-uniform", options: {} }),
    /lead from a layer to a later one/,
  ],
  [
    "a projection too few",
    () => lie("composition.links", ["input-hidden1"]),
    /layer hidden1 has nothing before or after/,
  ],
  ["no sizes", () => lie("sizes"), /sizes are not those/],
  ["too few sizes", () => lie("sizes", []), /sizes are not those/],
  ["a size that is null", () => lie("sizes.1", null), /size of undefined where hidden1 belongs/],
  ["sizes in another order", () => lie("sizes.0.name", "output"), /size of "output" where input belongs/],
  [
    "a huge size",
    () => lie("sizes.1", { name: "hidden1", size: 2 ** 40, capacity: 2 ** 40 }),
    /\[7\]: F32 \[1099511627776\]/,
  ],
  ["a size of 0", () => lie("sizes.1.size", 0), /size of hidden1 is 0: a whole number from 1/],
  ["a negative size", () => lie("sizes.1.size", -7), /size of hidden1 is -7/],
  ["a broken size", () => lie("sizes.1.size", 6.5), /size of hidden1 is 6.5/],
  ["a size one too small", () => lie("sizes.1.size", 6), /hidden1\/bias is F32 \[7\]: F32 \[6\] is right/],
  ["other inputs", () => lie("sizes.0.size", 4), /input has 4 neurons of 4, this learner's has 3 of 4/],
  ["more room for inputs", () => lie("sizes.0.capacity", 8), /input has 3 neurons of 8/],
  ["room for fewer", () => lie("sizes.1.capacity", 4), /capacity of hidden1 is 4: a whole number from 7/],
  ["room not in fours", () => lie("sizes.1.capacity", 10), /capacity of hidden1 is 10: a multiple of 4/],
  ["room for the world", () => lie("sizes.1.capacity", 2 ** 30), /is 1073741824: a multiple of 4, at most 32/],
  ["causes that are numbers", () => lie("causes", [1, 2, 3]), /causes are not a list of strings/],
  ["causes by name", () => lie("causes", { length: 9 }), /causes are not a list of strings/],
  ["too few causes", () => lie("causes", ["founder"]), /cause holds \d: the file names \d causes/],
  ["hyper-parameters left out", () => lie("hyper.eps"), /hyper-parameters are lr, b1, b2: lr, b1, b2, eps are/],
  [
    "a hyper-parameter out of its range",
    () => lie("hyper.b1", 1),
    /the snapshot's b1 is 1: it is a number from 0, below 1/,
  ],
  ["no hyper-parameters", () => lie("hyper"), /hyper-parameters are : lr/],
  ["lr as text", () => lie("hyper.lr", "0.1"), /lr is "0.1": it is a finite number/],
  ["lr beyond float32", () => lie("hyper.lr", 1e39), /lr is 1e\+39/],
  ["a prototype", () => lie("hyper", JSON.parse('{"__proto__":1,"lr":1,"b1":0,"b2":0,"eps":1}')), /are __proto__, lr/],
  ["an inputPower of 2", () => lie("inputPower", 2), /inputPower is 2: it is from 0 to 1/],
  ["no inputPower", () => lie("inputPower", null), /inputPower is null: it is from 0 to 1/],
  ["inputPower as text", () => lie("inputPower", "0.5"), /inputPower is "0.5"/],
  ["no policies", () => lie("policies", []), /policies are not those of its kind/],
  ["a policy's state as number", () => lie("policies.0", 3), /continual-backprop is of 0 populations: 2 are right/],
  ["a policy of one population", () => lie("policies.0", [{}]), /is of 1 populations: 2 are right/],
  ["a policy of another population", () => lie("policies.0.1.population", "output"), /for hidden2 is .*"output"/],
  ["a policy of nothing", () => lie("policies.0.1", null), /for hidden2 is null/],
  [
    "a debt of a thousand",
    () => lie("policies.0.1.due", 1000),
    /for hidden2 is .*"due":1000.*due and owed from 0 to 1/,
  ],
  ["a debt below 0", () => lie("policies.0.1.due", -0.5), /"due":-0.5/],
  ["a debt without end", () => forged((_, s) => void s, textWith('"due":1e999')), /for hidden1 is .*"due":null/],
  ["a debt as text", () => lie("policies.0.1.due", "0.5"), /"due":"0.5"/],
  ["owed as true", () => lie("policies.0.1.owed", true), /"owed":true/],
  ["a cursor of 3", () => lie("policies.0.1.cursor", 3), /"cursor":3/],
  ["a cursor of -4", () => lie("policies.0.1.cursor", -4), /"cursor":-4/],
];

/** The state's text, with the first debt replaced. */
function textWith(due: string): string {
  return readSafetensors(valid).metadata.plastica.replace(/"due":[^,]*/, due);
}

test.each(states)("state: %s", (_, make, message) => {
  const bytes = make();
  expect(() => learner.restore(bytes)).toThrow(SnapshotError);
  expect(() => learner.restore(bytes)).toThrow(message);
});

const tensor = (name: string, change: (data: Tensor["data"]) => unknown) => () =>
  forged((tensors) => void change(tensors.get(name)!.data));
const contents: [string, () => Uint8Array, RegExp][] = [
  ["NaN", tensor("hidden1/bias", (d) => (d[2] = Number.NaN)), /hidden1\/bias holds NaN at 2: state is numbers/],
  ["an id twice", tensor("hidden2/id", (d) => (d[0] = d[1])), /hidden2\/id holds \d+, which another neuron has/],
  ["an id of a neighbour", tensor("hidden2/id", (d) => (d[0] = 0)), /hidden2\/id holds 0, which another neuron has/],
  ["half an id", tensor("hidden2/id", (d) => (d[0] = 0.5)), /hidden2\/id holds 0.5: ids are whole numbers below/],
  ["a negative id", tensor("hidden2/id", (d) => (d[0] = -1)), /hidden2\/id holds -1/],
  ["an id of NaN", tensor("hidden2/id", (d) => (d[0] = Number.NaN)), /hidden2\/id holds NaN/],
  ["a birth to come", tensor("hidden1/born", (d) => (d[0] = 99)), /hidden1\/born holds 99: steps are 0 to 32/],
  ["a birth before all", tensor("hidden1/born", (d) => (d[0] = -1)), /hidden1\/born holds -1/],
  ["an unknown cause", tensor("hidden1/cause", (d) => (d[0] = 7)), /hidden1\/cause holds 7: the file names 3 causes/],
  ["half a cause", tensor("hidden1/cause", (d) => (d[0] = 0.5)), /hidden1\/cause holds 0.5/],
  ["a tensor missing", () => forged((t) => void t.delete("hidden1-hidden2/v")), /no tensor "hidden1-hidden2\/v"/],
  ["ids missing", () => forged((t) => void t.delete("output/id")), /no tensor "output\/id"/],
  ["a tensor too many", () => forged((t) => void t.set("x", t.get("output/id")!)), /a tensor "x", for which/],
  ["a prototype", () => forged((t) => void t.set("__proto__", t.get("output/id")!)), /a tensor "__proto__", for/],
  [
    "a tensor in another shape",
    () => forged((t) => void t.set("hidden2-output/w", { ...t.get("hidden2-output/w")!, shape: [8] } as Tensor)),
    /hidden2-output\/w is F32 \[8\]: F32 \[4, 2\] is right/,
  ],
  [
    "a tensor in another dtype",
    () => forged((t) => void t.set("hidden2/age", { dtype: "I32", shape: [4], data: new Int32Array(4) })),
    /hidden2\/age is I32 \[4\]: F32 \[4\] is right/,
  ],
  [
    "another digest",
    () => resigned({ digest: "0123456789abcdef" }),
    /digest is [0-9a-f]{16}, and should be "0123456789/,
  ],
  ["no digest", () => resigned({}, "digest"), /and should be undefined/],
  ["another format", () => resigned({ format: "pt" }), /its format is "pt", "plastica" is right/],
  ["no metadata", () => writeSafetensors([]), /its format is undefined/],
];

/** The valid file with other metadata. */
function resigned(change: Record<string, string>, missing?: string): Uint8Array {
  const { tensors, metadata } = readSafetensors(valid);
  const kept = Object.entries({ ...metadata, ...change }).filter(([name]) => name !== missing);
  return writeSafetensors(
    [...tensors].map(([name, t]) => ({ name, ...t })),
    Object.fromEntries(kept),
  );
}

test.each(contents)("contents: %s", (_, make, message) => {
  const bytes = make();
  expect(() => learner.restore(bytes)).toThrow(SnapshotError);
  expect(() => learner.restore(bytes)).toThrow(message);
});

test("more than fits into memory", () => {
  const { arena } = learner.network.compute;
  const allocate = arena.allocate.bind(arena);
  arena.allocate = (bytes) => {
    if (bytes > 2000) throw new ValueError(`${bytes} more bytes do not fit`);
    return allocate(bytes);
  };
  expect(() => learner.restore(valid)).toThrow(SnapshotError);
  expect(() => learner.restore(valid)).toThrow(/larger than this network's memory can be/);
  arena.allocate = allocate;
});

test("any value anywhere in the state is refused, or is what the learner has then", () => {
  const mine = learner.snapshot();
  const paths: string[][] = [];
  const walk = (value: unknown, path: string[]): void => {
    if (path.length > 0) paths.push(path);
    if (typeof value === "object" && value)
      for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key]);
  };
  walk(JSON.parse(readSafetensors(valid).metadata.plastica), []);
  const values = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.nat(50),
    fc.constantFrom(-1, 0.5, 4, 8, 12, 16, 1e9, 2 ** 53),
  );
  let taken = 0;
  fc.assert(
    fc.property(fc.constantFrom(...paths), values, (path, value) => {
      const bytes = forged((_, state) => put(state, path, value));
      try {
        learner.restore(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(SnapshotError);
        expect(whole()).toEqual(before);
        return;
      }
      taken++;
      expect(readSafetensors(learner.snapshot()).metadata.plastica).toBe(readSafetensors(bytes).metadata.plastica);
      expect(untidy(learner.network)).toEqual([]);
      learner.restore(mine);
    }),
    { numRuns: 500, seed: 4 },
  );
  expect(taken).toBeGreaterThan(10);
});

import { Digest, RecipeError } from "plastica";
import { describe, expect, test } from "vitest";
import { check, strict } from "../../options/checks.ts";
import type { Stream } from "../stream.ts";
import { driftKinds } from "./index.ts";

/** The stream that a recipe's options make. */
async function made(kind: string, options: object = {}, seed = 1): Promise<Stream> {
  const { shape, make } = driftKinds[kind];
  return make(check(strict(shape), options, kind) as never, { seed, batch: 1 });
}

/** An item as text, bit for bit. */
function item(stream: Stream, n: number): string {
  const { x, y } = stream.at(n);
  return `${x.join()} ${typeof y === "number" ? y : y.join()}`;
}

const kinds = Object.keys(driftKinds);
const small = { length: 400, every: 50, width: 30 };

describe.each(kinds)("%s", (kind) => {
  test("item n alone is item n in order, whatever was asked before", async () => {
    const inOrder = await made(kind, small);
    const expected = Array.from({ length: 400 }, (_, n) => item(inOrder, n));
    const backwards = await made(kind, small);
    for (let n = 399; n >= 0; n--) expect(item(backwards, n)).toBe(expected[n]);
    for (const n of [0, 57, 399]) expect(item(await made(kind, small), n)).toBe(expected[n]);
  });

  test("item 1,000,000 can be had at once", async () => {
    const stream = await made(kind, { length: 10_000_000, every: 1000 });
    const { x, y } = stream.at(1_000_000);
    expect(x.length).toBe(stream.inputs);
    expect([...x].every(Number.isFinite)).toBe(true);
    expect(item(await made(kind, { length: 10_000_000, every: 1000 }), 1_000_000)).toBe(
      `${x.join()} ${typeof y === "number" ? y : y.join()}`,
    );
  });

  test("every item has the stream's shape, and every class occurs", async () => {
    const stream = await made(kind, { length: 3000 });
    const seen = new Set<number>();
    for (let n = 0; n < 3000; n++) {
      const { x, y } = stream.at(n);
      expect(x.length).toBe(stream.inputs);
      if (typeof y === "number") seen.add(y);
      else expect(y.length).toBe(stream.outputs);
    }
    expect([...seen].sort()).toEqual(
      stream.target === "class" ? Array.from({ length: stream.outputs }, (_, c) => c) : [],
    );
  });

  test("each seed has its own stream", async () => {
    expect(item(await made(kind, small, 1), 7)).not.toBe(item(await made(kind, small, 2), 7));
  });

  test("what is misspelt is said", () => {
    const { shape } = driftKinds[kind];
    expect(() => check(strict(shape), { widht: 3 }, kind)).toThrow('did you mean "width"?');
    expect(() => check(strict(shape), { concepts: [] }, kind)).toThrow("must name at least one concept");
    expect(() => check(strict(shape), { concepts: [-1] }, kind)).toThrow(RecipeError);
  });
});

test("recurring gradual drift as a recipe has it", async () => {
  const stream = await made("sea", { concepts: [0, 3], every: 5000, width: 500, length: 100_000 });
  expect(stream.length).toBe(100_000);
  expect(stream.starts.length).toBe(20);
  expect(stream.starts[3]).toBe(15_000);
  expect(stream.tests).toBeUndefined();
});

test("by default each concept has its turn once", async () => {
  expect((await made("stagger", { length: 10 })).starts).toEqual([0, 4, 8]);
});

test.each([
  ["sea", "d90e3af4131bbba4"],
  ["stagger", "4569cecca97966f1"],
  ["led", "d9b0e2967c1f5732"],
  ["hyperplane", "657247239a37caae"],
  ["random-rbf", "47e044d79d6d6f6b"],
  ["friedman", "7ee4ab2ff68321f2"],
  ["sine", "1608a2330dbbd71e"],
  ["mixed", "22e1626d2e765d9d"],
  ["agrawal", "b60de7338dd22246"],
  ["waveform", "78ddea88ab917362"],
])("%s has the bits that it has on every machine", async (kind, print) => {
  const stream = await made(kind, small);
  const digest = new Digest();
  for (let n = 0; n < 400; n++) {
    const { x, y } = stream.at(n);
    const whole = Float32Array.of(...x, ...(typeof y === "number" ? [y] : y));
    digest.update(new Uint8Array(whole.buffer));
  }
  expect(digest.hex()).toBe(print);
});

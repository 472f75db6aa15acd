/** Files that chance has changed: each ends in a SnapshotError, and the learner is as it was. */
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SnapshotError } from "../errors.ts";
import { observe, untidy } from "./testing.ts";
import { variedLife } from "./varied-life.testing.ts";

const valid = variedLife().snapshot("a note");
const learner = variedLife();
observe(learner, 40, 60);
learner.grow("hidden2", 7);
let before = "";
beforeEach(() => (before = learner.fingerprint()));
afterEach(() => {
  expect(learner.fingerprint()).toBe(before);
  expect(untidy(learner.network)).toEqual([]);
});

function expectRefused(bytes: Uint8Array): void {
  expect(() => learner.restore(bytes)).toThrow(SnapshotError);
}

test("a snapshot torn anywhere", () => {
  for (let end = 0; end < valid.length; end += end < 600 ? 1 : 97) expectRefused(valid.slice(0, end));
  expectRefused(valid.slice(0, -1));
  expectRefused(valid.slice(1));
  expectRefused(Uint8Array.of(...valid, 0));
});

test("a snapshot with one bit flipped, wherever it is", () => {
  const bit = fc.nat(8 * valid.length - 1);
  const flipped = bit.map((at) => valid.map((byte, i) => (i === at >> 3 ? byte ^ (1 << (at & 7)) : byte)));
  fc.assert(fc.property(flipped, expectRefused), { numRuns: 100, seed: 2 });
  // Every bit of the first and of the last bytes, and of the lowest of each kind of number.
  for (const from of [0, 16, 200, 1200, valid.length - 4]) {
    for (let at = from; at < from + 4; at++) {
      for (let i = 0; i < 8; i++) expectRefused(valid.with(at, valid[at] ^ (1 << i)));
    }
  }
});

test("a snapshot spliced from two snapshots of one life", () => {
  const other = variedLife();
  observe(other, 40, 41);
  const later = other.snapshot("a note");
  expect(later.length).toBe(valid.length);
  let spliced = 0;
  for (let at = 8; at < valid.length; at += 61) {
    const both = Uint8Array.of(...valid.subarray(0, at), ...later.subarray(at));
    if (same(both, valid) || same(both, later)) continue;
    expectRefused(both);
    spliced++;
  }
  expect(spliced).toBeGreaterThan(40);
});

test("a snapshot with a piece overwritten, left out or said twice", () => {
  const at = fc.nat(valid.length - 1);
  fc.assert(
    fc.property(at, at, fc.uint8Array({ maxLength: 20 }), (from, to, piece) => {
      const bytes = Uint8Array.of(...valid.subarray(0, from), ...piece, ...valid.subarray(to));
      if (!same(bytes, valid)) expectRefused(bytes);
    }),
    { numRuns: 100, seed: 3 },
  );
  expectRefused(new TextEncoder().encode("not a snapshot at all"));
});

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

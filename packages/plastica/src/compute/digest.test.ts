import fc from "fast-check";
import { expect, test } from "vitest";
import { Digest } from "./digest.ts";

const digest = (bytes: Uint8Array) => new Digest().update(bytes).hex();
const ascii = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

test.each([
  ["", "ef46db3751d8e999"],
  ["a", "d24ec4f1a98c6e5b"],
  ["abc", "44bc2cf5ad770999"],
])("the published digest of %j", (text, hex) => {
  expect(digest(ascii(text))).toBe(hex);
});

/** The specification in BigInt. */
function specification(bytes: Uint8Array): string {
  const mask = (1n << 64n) - 1n;
  const [p1, p2, p3] = [0x9e3779b185ebca87n, 0xc2b2ae3d27d4eb4fn, 0x165667b19e3779f9n];
  const [p4, p5] = [0x85ebca77c2b2ae63n, 0x27d4eb2f165667c5n];
  const turn = (x: bigint, bits: bigint) => ((x << bits) | (x >> (64n - bits))) & mask;
  const round = (sum: bigint, word: bigint) => (turn((sum + word * p2) & mask, 31n) * p1) & mask;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  let sum = p5;
  if (bytes.length >= 32) {
    const four = [(p1 + p2) & mask, p2, 0n, -p1 & mask];
    for (; at + 32 <= bytes.length; at += 32) {
      for (let i = 0; i < 4; i++) four[i] = round(four[i], view.getBigUint64(at + 8 * i, true));
    }
    sum = (turn(four[0], 1n) + turn(four[1], 7n) + turn(four[2], 12n) + turn(four[3], 18n)) & mask;
    for (const one of four) sum = ((sum ^ round(0n, one)) * p1 + p4) & mask;
  }
  sum = (sum + BigInt(bytes.length)) & mask;
  for (; at + 8 <= bytes.length; at += 8) {
    sum = (turn(sum ^ round(0n, view.getBigUint64(at, true)), 27n) * p1 + p4) & mask;
  }
  if (at + 4 <= bytes.length) {
    sum = (turn(sum ^ ((BigInt(view.getUint32(at, true)) * p1) & mask), 23n) * p2 + p3) & mask;
    at += 4;
  }
  for (; at < bytes.length; at++) sum = (turn(sum ^ ((BigInt(bytes[at]) * p5) & mask), 11n) * p1) & mask;
  sum = ((sum ^ (sum >> 33n)) * p2) & mask;
  sum = ((sum ^ (sum >> 29n)) * p3) & mask;
  return (sum ^ (sum >> 32n)).toString(16).padStart(16, "0");
}

test("it is the specification, for any bytes at any offset", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(7), (bytes, offset) => {
      const shifted = new Uint8Array(bytes.length + offset).subarray(offset);
      shifted.set(bytes);
      expect(digest(shifted)).toBe(specification(bytes));
    }),
  );
});

test("it is the specification over several blocks", () => {
  const bytes = Uint8Array.from({ length: 20_011 }, (_, i) => (i * i) >> 3);
  expect(digest(bytes)).toBe(specification(bytes));
});

test("how the bytes are cut does not matter, and a digest may be asked for in between", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 8 }), (chunks) => {
      const whole = Uint8Array.from(chunks.flatMap((chunk) => [...chunk]));
      const sum = new Digest();
      for (const chunk of chunks) {
        sum.update(chunk);
        sum.hex();
      }
      expect(sum.hex()).toBe(digest(whole));
    }),
  );
});

test("the bytes may change after the call, and may lie in shared memory", () => {
  const bytes = ascii("forty-one bytes of text, not a whole str.");
  const sum = new Digest().update(bytes);
  const before = sum.hex();
  bytes.fill(0);
  expect(sum.hex()).toBe(before);
  const shared = new Uint8Array(new SharedArrayBuffer(100)).fill(9);
  expect(digest(shared)).toBe(specification(new Uint8Array(100).fill(9)));
});

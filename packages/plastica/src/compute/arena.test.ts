import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ValueError } from "../errors.ts";
import { Arena } from "./arena.ts";

const LINE = 64;

/** What a block was filled with, so that every other block's writes would show. */
function fill(arena: Arena, at: number, bytes: number, mark: number): void {
  arena.u8.fill(mark, at, at + bytes);
}

describe("Arena", () => {
  it("hands out zeroed blocks that never overlap, and keeps what is in them, whatever else comes and goes", () => {
    const steps = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 200_000 })), { maxLength: 60 });
    const property = fc.property(steps, (churn) => {
      const arena = new Arena(false);
      const blocks: { at: number; bytes: number; mark: number }[] = [];
      for (const [free, n] of churn) {
        if (free && blocks.length > 0) {
          const [{ at }] = blocks.splice(n % blocks.length, 1);
          fill(arena, at, 1, 255); // a freed block's content is nobody's
          arena.free(at);
        } else {
          const bytes = n % 3 === 0 ? n : n % 700;
          const at = arena.allocate(bytes);
          expect(at % LINE).toBe(0);
          expect(at).toBeGreaterThanOrEqual(1024);
          expect(arena.u8.subarray(at, at + bytes).every((byte) => byte === 0)).toBe(true);
          const mark = 1 + (blocks.length % 200);
          fill(arena, at, bytes, mark);
          blocks.push({ at, bytes, mark });
        }
      }
      for (const { at, bytes, mark } of blocks) {
        expect(arena.u8.subarray(at, at + bytes).every((byte) => byte === mark)).toBe(true);
      }
      const sorted = [...blocks].sort((a, b) => a.at - b.at);
      sorted.slice(1).forEach(({ at }, i) => expect(at).toBeGreaterThanOrEqual(sorted[i].at + sorted[i].bytes));
      const lines = blocks.map(({ bytes }) => Math.max(LINE, Math.ceil(bytes / LINE) * LINE));
      expect(arena.used).toBe(lines.reduce((sum, bytes) => sum + bytes, 0));
    });
    fc.assert(property, { numRuns: 40, seed: 3 });
  });

  it("joins freed neighbours, in whatever order they are freed", () => {
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
    ]) {
      const arena = new Arena(false);
      const blocks = [640, 1280, 64].map((bytes) => arena.allocate(bytes));
      const guard = arena.allocate(64);
      for (const i of order) arena.free(blocks[i]);
      expect(arena.allocate(640 + 1280 + 64)).toBe(blocks[0]);
      expect(guard).toBe(blocks[0] + 640 + 1280 + 64);
    }
  });

  it("is as large after ten thousand births and deaths as at its largest", () => {
    const arena = new Arena(false);
    const sizes = [100, 5000, 300, 70_000, 64, 20_000];
    const churn = (rounds: number) => {
      for (let i = 0; i < rounds; i++) {
        const kept = sizes.map((bytes) => arena.allocate(bytes + (i % 7) * 64));
        for (const at of i % 2 ? kept.reverse() : kept) arena.free(at);
      }
    };
    churn(100);
    const before = arena.memory.buffer.byteLength;
    churn(2000);
    expect(arena.memory.buffer.byteLength).toBe(before);
    expect(arena.used).toBe(0);
  });

  it("grows with its contents, and replaces its views", () => {
    const arena = new Arena(false);
    const at = arena.allocate(1000);
    fill(arena, at, 1000, 7);
    const view = arena.f32;
    arena.allocate(1_000_000);
    expect(arena.f32).not.toBe(view);
    expect(arena.u8.subarray(at, at + 1000).every((byte) => byte === 7)).toBe(true);
    for (const now of [arena.f32, arena.i32, arena.u32, arena.u8]) expect(now.buffer).toBe(arena.memory.buffer);
  });

  it("says that 4 GiB are all, and then nothing has changed", () => {
    const arena = new Arena(false);
    const at = arena.allocate(100);
    const before = arena.memory.buffer.byteLength;
    expect(() => arena.allocate(2 ** 32)).toThrow(
      new ValueError("4294967296 more bytes do not fit: a network's memory ends at 4 GiB, 128 bytes are in use"),
    );
    expect(() => arena.allocateAll([64, 640, 2 ** 33])).toThrow(ValueError);
    expect(arena.memory.buffer.byteLength).toBe(before);
    expect(arena.used).toBe(128);
    expect(arena.allocate(64)).toBe(at + 128);
  });

  it("allocates all of several, in their order", () => {
    const arena = new Arena(false);
    const [a, b, c] = arena.allocateAll([64, 128, 64]);
    expect([b - a, c - b]).toEqual([64, 128]);
  });

  it("refuses to free what it did not hand out", () => {
    const arena = new Arena(false);
    const at = arena.allocate(64);
    arena.free(at);
    expect(() => arena.free(at)).toThrow(`nothing was allocated at ${at}`);
  });
});

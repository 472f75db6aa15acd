import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dense, sequential } from "../network/sequential.ts";
import { LossCall, type Target } from "./loss.ts";
import { losses } from "./losses.ts";

type Name = keyof typeof losses;

/** The loss of outputs for targets, both only of those that take part, in float64. */
const formulas: Record<Name, (out: number[], target: number[]) => number> = {
  "cross-entropy": (out, target) => {
    const peak = Math.max(...out);
    const total = peak + Math.log(out.reduce((sum, v) => sum + Math.exp(v - peak), 0));
    return out.reduce((sum, v, j) => sum + target[j] * (total - v), 0);
  },
  "binary-cross-entropy": (out, target) =>
    out.reduce((sum, v, j) => sum + Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v))) - target[j] * v, 0) /
    out.length,
  "squared-error": (out, target) => out.reduce((sum, v, j) => sum + (v - target[j]) ** 2, 0) / out.length,
};

function slope(name: Name, out: number[], target: number[], j: number): number {
  const moved = (step: number) => formulas[name](out.with(j, out[j] + step), target);
  return (moved(1e-4) - moved(-1e-4)) / 2e-4;
}

/** A loss at work on given outputs; `size` of them, `examples` at a time. */
function setUp(name: Name, size: number, examples = 1) {
  const net = sequential({ inputs: 1, seed: 1 }, [dense(size)]);
  net.outputs.reserve(examples);
  const call = new LossCall(net, losses[name]());
  return {
    call,
    measure(out: readonly number[][], targets: readonly Target[], taking?: readonly number[]): number {
      const { f32 } = net.compute.arena;
      out.forEach((row, r) => f32.set(row, (net.outputs.out >> 2) + r * net.outputs.capacity));
      call.take(taking);
      targets.forEach((y, r) => {
        call.check(y, taking);
        call.aim(r, y);
      });
      return call.measure(out.length);
    },
    signal: (row: number) => {
      const at = (net.outputs.back >> 2) + row * net.outputs.capacity;
      return [...net.compute.arena.f32.subarray(at, at + size)];
    },
  };
}

const near = (ours: number, right: number, by = 1e-5) =>
  expect(Math.abs(ours - right), `${ours}, ${right} is right`).toBeLessThan(by * Math.max(1, Math.abs(right)));

describe.each(Object.keys(losses) as Name[])("%s", (name) => {
  it("has the value and the slope of its formula, over those outputs that take part, as a mean over a batch", () => {
    const numbers = (least: number, most: number, length: number) =>
      fc.array(fc.integer({ min: least * 100, max: most * 100 }), { minLength: length, maxLength: length });
    const shape = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 4 }), fc.nat(511));
    const cases = shape.chain(([size, examples, mask]) =>
      fc.record({
        size: fc.constant(size),
        taking: fc.constant(Array.from({ length: size }, (_, i) => i).filter((i) => mask & (1 << i) || i === 0)),
        out: fc.array(numbers(-9, 9, size), { minLength: examples, maxLength: examples }),
        target: fc.array(numbers(0, 1, size), { minLength: examples, maxLength: examples }),
      }),
    );
    const property = fc.property(cases, fc.boolean(), ({ size, taking, out, target }, masked) => {
      const outs = out.map((row) => row.map((v) => v / 100));
      const targets = target.map((row) => row.map((v) => v / 100));
      const part = masked ? taking : outs[0].map((_, i) => i);
      const { measure, signal } = setUp(name, size, outs.length);
      const loss = measure(outs, targets, masked ? taking : undefined);
      const of = (row: number[]) => part.map((i) => row[i]);
      const right = outs.reduce((sum, row, r) => sum + formulas[name](of(row), of(targets[r])), 0) / outs.length;
      near(loss, right);
      outs.forEach((row, r) => {
        signal(r).forEach((value, i) => {
          const j = part.indexOf(i);
          near(value, j < 0 ? 0 : slope(name, of(row), of(targets[r]), j) / outs.length);
        });
      });
    });
    fc.assert(property, { numRuns: 40, seed: 2 });
  });

  it("stays finite for outputs far out, also for those that take no part", () => {
    const { measure, signal } = setUp(name, 3);
    for (const out of [
      [1000, -1000, 0],
      [-1e4, 1e4, 1e4],
      [0.5, 0.25, 300],
      [-300, -300, 1e6],
    ]) {
      near(measure([out], [[0, 1, 0]], [0, 1]), formulas[name](out.slice(0, 2), [0, 1]));
      expect(signal(0).every(Number.isFinite)).toBe(true);
      expect(signal(0)[2]).toBe(0);
    }
  });

  it("takes a class for a one among zeros", () => {
    const out = [0.5, -1, 2];
    const { call, measure, signal } = setUp(name, 3);
    expect(call.classes).toBe(true);
    const asVector = [measure([out], [[0, 0, 1]]), ...signal(0)];
    expect([measure([out], [2]), ...signal(0)]).toEqual(asVector);
    expect([measure([out], [Float32Array.of(0, 0, 1)]), ...signal(0)]).toEqual(asVector);
  });

  it("takes a number for the value of a single output", () => {
    const { call, measure, signal } = setUp(name, 1);
    expect(call.classes).toBe(false);
    for (const target of [0, 1, 0.25]) {
      near(measure([[1.5]], [target]), formulas[name]([1.5], [target]));
      near(signal(0)[0], slope(name, [1.5], [target], 0));
    }
  });
});

it("cross-entropy of a confident right answer is 0, of a wrong one the difference", () => {
  const { measure } = setUp("cross-entropy", 2);
  expect(measure([[100, 0]], [0])).toBe(0);
  expect(measure([[100, 0]], [1])).toBe(100);
});

import { describe, expect, it } from "vitest";
import { ShapeError, ValueError } from "../errors.ts";
import { relu } from "../network/neurons.ts";
import { dense, sequential } from "../network/sequential.ts";
import { LossCall, outputSymbols, pointwiseLoss, type Target } from "./loss.ts";
import { binaryCrossEntropy, crossEntropy, squaredError } from "./losses.ts";

const callOf = (loss = crossEntropy(), size = 4) => {
  const net = sequential({ inputs: 2, seed: 1 }, [dense(3, relu()), dense(size)]);
  return { net, call: new LossCall(net, loss) };
};

describe("targets that are refused", () => {
  const cases: [string, ReturnType<typeof crossEntropy>, number, Target, number[] | undefined, Error][] = [
    [
      "a label beyond the last",
      crossEntropy(),
      4,
      4,
      undefined,
      new ValueError("label 4 is out of range: classes are 0 to 3"),
    ],
    [
      "a label below 0",
      crossEntropy(),
      4,
      -1,
      undefined,
      new ValueError("label -1 is out of range: classes are 0 to 3"),
    ],
    [
      "half a label",
      crossEntropy(),
      4,
      1.5,
      undefined,
      new ValueError("label 1.5 is out of range: classes are 0 to 3"),
    ],
    [
      "no label",
      binaryCrossEntropy(),
      4,
      Number.NaN,
      undefined,
      new ValueError("label NaN is out of range: classes are 0 to 3"),
    ],
    [
      "a label that takes no part",
      crossEntropy(),
      4,
      3,
      [0, 2],
      new ValueError("label 3 is not among the outputs that take part: 0, 2"),
    ],
    [
      "a fraction for a class",
      squaredError(),
      4,
      0.5,
      undefined,
      new ValueError("label 0.5 is out of range: classes are 0 to 3"),
    ],
    ["too few values", crossEntropy(), 4, [1, 0, 0], undefined, new ShapeError("a target of 3 values for 4 outputs")],
    ["too many values", squaredError(), 1, [1, 0], undefined, new ShapeError("a target of 2 values for 1 outputs")],
    [
      "NaN",
      squaredError(),
      2,
      [0, Number.NaN],
      undefined,
      new ValueError("target 1 is NaN: targets are finite float32 numbers"),
    ],
    [
      "more than float32 holds",
      squaredError(),
      2,
      [1e39, 0],
      undefined,
      new ValueError("target 0 is 1e+39: targets are finite float32 numbers"),
    ],
    [
      "an infinite number",
      squaredError(),
      1,
      -Infinity,
      undefined,
      new ValueError("the target is -Infinity: targets are finite float32 numbers"),
    ],
  ];
  it.each(cases)("%s", (_, loss, size, y, outputs, error) => {
    expect(() => callOf(loss, size).call.check(y, outputs)).toThrow(error);
  });
});

describe("outputs that take part", () => {
  it.each([
    [[4], "output 4 is asked to take part: outputs are 0 to 3"],
    [[0, -1], "output -1 is asked to take part: outputs are 0 to 3"],
    [[0.5], "output 0.5 is asked to take part: outputs are 0 to 3"],
    [[1, 2, 1], "outputs 1, 2, 1: one is named twice"],
    [[], "no output takes part: at least one must"],
  ])("%j are refused, and those of before stay", (outputs, message) => {
    const { call, net } = callOf();
    net.compute.arena.f32.set([1, 2, 3, 4], net.outputs.out >> 2);
    call.take([0, 1]);
    expect(() => call.take(outputs)).toThrow(new ValueError(message));
    expect(call.winner(0)).toBe(1);
  });

  it("are those of the list as it is now: a caller may add to his own", () => {
    const { call, net } = callOf();
    net.compute.arena.f32.set([1, 2, 3, 4], net.outputs.out >> 2);
    const seen = [0];
    call.take(seen);
    expect(call.winner(0)).toBe(0);
    seen.push(2);
    call.take(seen);
    expect(call.winner(0)).toBe(2);
    call.take(undefined);
    expect(call.winner(0)).toBe(3);
  });

  it("the winner is the first of equals", () => {
    const { call, net } = callOf();
    net.compute.arena.f32.set([1, 3, 3, 0], net.outputs.out >> 2);
    expect(call.winner(0)).toBe(1);
    call.take([3, 2, 1]);
    expect(call.winner(0)).toBe(1);
  });
});

describe("LossCall", () => {
  it("has room for as many examples as the outputs, and keeps the mask when it moves", () => {
    const { call, net } = callOf();
    call.take([1]);
    const { outputs } = net;
    outputs.reserve(50);
    call.point();
    net.compute.arena.f32.fill(0, outputs.out >> 2, (outputs.out >> 2) + 200);
    for (let row = 0; row < 50; row++) call.aim(row, 1);
    const guard = net.compute.arena.allocate(4000);
    expect(call.measure(50)).toBe(0); // of one output that takes part, softmax is 1
    expect(net.compute.arena.f32.subarray(guard >> 2, (guard >> 2) + 1000).every((v) => v === 0)).toBe(true);
    const used = net.compute.arena.used;
    for (let i = 0; i < 20; i++) call.point();
    expect(net.compute.arena.used).toBe(used);
  });

  it("forgets a target when the next comes", () => {
    const { call, net } = callOf();
    net.compute.arena.f32.set([5, 0, 0, 0], net.outputs.out >> 2);
    call.aim(0, [1, 1, 1, 1]);
    call.aim(0, 0);
    expect(call.measure(1)).toBeCloseTo(Math.log(1 + 3 * Math.exp(-5)), 6);
  });

  it("runs a loss of one's own", () => {
    const { out, target } = outputSymbols;
    const absolute = pointwiseLoss("absolute", false, out.sub(target).abs(), out.sub(target).sign());
    const { call, net } = callOf(absolute, 2);
    net.compute.arena.f32.set([3, -1], net.outputs.out >> 2);
    call.aim(0, [1, 1]);
    expect(call.measure(1)).toBe(4);
    const at = net.outputs.back >> 2;
    expect([...net.compute.arena.f32.subarray(at, at + 2)]).toEqual([1, -1]);
  });
});

import { describe, expect, it } from "vitest";
import { ValueError } from "../errors.ts";
import { constant, kaimingUniform, pytorchDefault } from "./initialisers.ts";
import { leakyRelu, linear, relu, tanh } from "./neurons.ts";
import { dense, type SequentialOptions, sequential } from "./sequential.ts";

describe("dense", () => {
  it("is linear, with a bias, without normalisation, unless told otherwise", () => {
    const { name, size, model, initialiser, bias, layerNorm } = dense(7);
    expect({ name, size, bias, layerNorm }).toEqual({ name: undefined, size: 7, bias: true, layerNorm: false });
    expect([model.name, initialiser.name]).toEqual([linear().name, kaimingUniform().name]);
  });

  it.each([0, -1, 2.5, Number.NaN, Infinity, "3", undefined])("refuses a size of %s", (size) => {
    const message = `a dense layer: a size of ${size}, which should be a whole number from 1`;
    expect(() => dense(size as number)).toThrow(new ValueError(message));
  });
});

describe("sequential", () => {
  it("names layers, and joins each to the next", () => {
    const net = sequential({ inputs: 5 }, [dense(4, relu()), dense(3, tanh(), { name: "middle" }), dense(2)]);
    expect(net.populations.map(({ name, size, model }) => `${name} ${size} ${model.name}`)).toEqual([
      "input 5 linear",
      "hidden1 4 relu",
      "middle 3 tanh",
      "output 2 linear",
    ]);
    expect(net.projections.map(({ name }) => name)).toEqual(["input-hidden1", "hidden1-middle", "middle-output"]);
    expect(net.populations[1].neurons[0]).toEqual({ id: 5, born: 0, cause: "founder" });
  });

  it("gives layers the columns they ask for", () => {
    const net = sequential({ inputs: 2 }, [dense(2, relu(), { bias: false, layerNorm: true }), dense(2)]);
    expect(net.populations.map(({ columns }) => columns.names)).toEqual([[], ["gain", "shift"], ["bias"]]);
    expect(net.populations.map(({ parameters }) => parameters)).toEqual([[], ["gain", "shift"], ["bias"]]);
  });

  it("draws weights and biases as the initialisers say, the same from the same seed", () => {
    const layers = () => [
      dense(3, relu(), { initialiser: constant({ value: 0.5 }) }),
      dense(4, linear(), { initialiser: pytorchDefault() }),
    ];
    const build = (seed: number) => sequential({ inputs: 2, seed }, layers());
    const weights = (seed: number) => build(seed).projections.map(({ columns }) => [...columns.packed("w")]);
    expect(weights(1)[0]).toEqual(Array(6).fill(0.5));
    expect(weights(1)).toEqual(weights(1));
    expect(weights(1)[1]).not.toEqual(weights(2)[1]);
    const bias = build(1).outputs.columns.packed("bias");
    expect(bias.every((b) => b !== 0 && Math.abs(b) <= 1 / Math.sqrt(3))).toBe(true);
  });

  it("gives two projections of the same shape weights of their own", () => {
    const net = sequential({ inputs: 4, seed: 1 }, [dense(4, relu()), dense(4, relu())]);
    expect(net.projections[0].columns.packed("w")).not.toEqual(net.projections[1].columns.packed("w"));
  });

  const layers = () => [dense(2)];
  const wrong: [SequentialOptions, ReturnType<typeof layers>, string][] = [
    [{ inputs: 0 }, layers(), "inputs: a size of 0, which should be a whole number from 1"],
    [{ inputs: 1.5 }, layers(), "inputs: a size of 1.5, which should be a whole number from 1"],
    [{} as SequentialOptions, layers(), "inputs: a size of undefined, which should be a whole number from 1"],
    [{ inputs: 1 }, [], "a network of no layers: at least one is needed"],
    [{ inputs: 1 }, [dense(1, relu(), { name: "output" }), dense(1)], 'two layers are called "output"'],
    [{ inputs: 1 }, [dense(1, relu(), { name: "input" }), dense(1)], 'two layers are called "input"'],
    [{ inputs: 1, seed: -3 }, layers(), "seed is -3: it is a whole number from 0 to 2^53 - 1"],
    [{ inputs: 1, threads: 100 }, layers(), "threads is 100: it is a whole number from 1 to 64"],
    [{ inputs: 1, arithmetic: "quick" as "plain" }, layers(), 'arithmetic is "quick": it is "plain" or "fused"'],
    ...[0, 1, -0.5, Number.NaN, undefined].map((decay): (typeof wrong)[number] => [
      { inputs: 1, normaliseInputs: { decay: decay as number } },
      layers(),
      `normaliseInputs.decay is ${decay}: it lies between 0 and 1`,
    ]),
  ];

  it.each(wrong)("refuses %j", (options, given, message) => {
    expect(() => sequential(options, given)).toThrow(new ValueError(message));
  });

  it.each([-0.1, 1.1, Number.NaN])("refuses a leaky ReLU of slope %d", (slope) => {
    expect(() => leakyRelu({ slope })).toThrow(
      new ValueError(`leaky-relu: slope is ${slope}: it is a number from 0 to 1`),
    );
  });
});

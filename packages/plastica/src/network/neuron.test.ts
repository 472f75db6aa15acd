import { describe, expect, it } from "vitest";
import { ValueError } from "../errors.ts";
import { interpretGrid } from "../rules/interpret.ts";
import { models } from "./network.twin.ts";
import { type NeuronModel, neuron } from "./neuron.ts";
import { leakyRelu, neuronModels } from "./neurons.ts";

const inputs = [-30, -5, -1.5, -0.25, -1e-3, 0.5, 1e-3, 2, 7.25, 30];

const matrix = (data: readonly number[]) => ({ data: Float32Array.from(data), stride: data.length });

/** What a model makes of inputs: its outputs, plane by plane. */
function fire(model: NeuronModel, x: readonly number[]): number[][] {
  const planes = Array.from({ length: model.planes }, () => matrix(x.map(() => 9)));
  const bound = Object.fromEntries(planes.map((plane, i) => [`out${i}`, plane]));
  interpretGrid(model.forward, { input: matrix(x), ...bound }, { lanes: x.length, from: 0, to: 1 });
  return planes.map(({ data }) => [...data]);
}

/** What it passes back, with a signal of `back[plane]` at every output. */
function passBack(model: NeuronModel, x: readonly number[], back: readonly number[]): number[] {
  const bound: Record<string, ReturnType<typeof matrix>> = { input: matrix(x), signal: matrix(x.map(() => 9)) };
  fire(model, x).forEach((out, plane) => {
    bound[`out${plane}`] = matrix(out);
    bound[`back${plane}`] = matrix(x.map(() => back[plane]));
  });
  interpretGrid(model.backward, bound, { lanes: x.length, from: 0, to: 1 });
  return [...bound.signal.data];
}

describe.each(Object.keys(neuronModels) as (keyof typeof neuronModels)[])("%s", (name) => {
  const model = neuronModels[name]({});
  const small = inputs.filter((x) => Math.abs(x) < 4);

  it("is what its formula says", () => {
    const right = small.map((x) => models[name](Math.fround(x)));
    fire(model, small).forEach((out, plane) =>
      out.forEach((value, i) => expect(Math.abs(value - right[i][plane])).toBeLessThan(1e-6)),
    );
  });

  it("passes back its slope times what comes back, summed over planes", () => {
    const back = [0.75, -2].slice(0, model.planes);
    passBack(model, small, back).forEach((signal, i) => {
      const moved = (step: number) => models[name](Math.fround(small[i]) + step);
      const slope = moved(1e-5).map((above, plane) => (above - moved(-1e-5)[plane]) / 2e-5);
      const right = slope.reduce((sum, s, plane) => sum + s * back[plane], 0);
      expect(Math.abs(signal - right)).toBeLessThan(2e-6);
    });
  });

  it("stays finite far out, forward and backward", () => {
    const far = [-1e30, -200, 200, 1e30];
    const all = [...fire(model, far).flat(), ...passBack(model, far, [1, 1])];
    expect(all.every(Number.isFinite)).toBe(true);
  });

  it("is gated only if a silent neuron's slope is 0, also at 0", () => {
    if (!model.gated) return;
    const x = [...inputs, 0, -0];
    const [out] = fire(model, x);
    const signal = passBack(model, x, [-3]);
    expect(out.some((value) => value === 0)).toBe(true);
    // Not even the sign of what came back shows, since a silent neuron's is never written.
    out.forEach((value, i) => {
      if (value === 0) expect(signal[i]).toBe(0);
    });
  });
});

it("the slope of a leaky ReLU is an option, and changes its gain", () => {
  const model = leakyRelu({ slope: 0.5 });
  expect(fire(model, [-2, 2])).toEqual([[-1, 2]]);
  expect([model.options, model.gain]).toEqual([{ slope: 0.5 }, Math.sqrt(2 / 1.25)]);
});

it("a model of one's own has as many planes as expressions, and derivatives of them", () => {
  const model = neuron("square-and-cube", { gain: 1, options: { scale: 2 } }, (x) => [
    x.square().mul(2),
    x.mul(x).mul(x),
  ]);
  expect([model.planes, model.gated, model.options]).toEqual([2, false, { scale: 2 }]);
  expect(fire(model, [3])).toEqual([[18], [27]]);
  expect(passBack(model, [3], [1, 10])).toEqual([12 + 270]);
});

it("an option that is no finite number is refused", () => {
  const make = () => neuron("mine", { gain: 1, options: { beta: Number.NaN } }, (x) => [x]);
  expect(make).toThrow(new ValueError("mine: beta is NaN: it is a finite number"));
});

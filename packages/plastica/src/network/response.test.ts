import { expect, test } from "vitest";
import { crelu, neuronModels, relu } from "./neurons.ts";
import { outputsOf, slopesOf } from "./response.ts";

const inputs = Float32Array.from([-2, -0.5, 0.25, 3]);

test("outputs and slopes, plane by plane", () => {
  expect(outputsOf(relu(), inputs)).toEqual([Float32Array.from([0, 0, 0.25, 3])]);
  expect(outputsOf(crelu(), inputs)).toEqual([Float32Array.from([0, 0, 0.25, 3]), Float32Array.from([2, 0.5, 0, 0])]);
  expect(slopesOf(crelu(), inputs)).toEqual([Float32Array.from([0, 0, 1, 1]), Float32Array.from([-1, -1, 0, 0])]);
});

test.each(Object.values(neuronModels).map((make) => make({})))("the slope of $name is that of its outputs", (model) => {
  const [above, below] = [1e-2, -1e-2].map((step) =>
    outputsOf(
      model,
      inputs.map((x) => x + step),
    ),
  );
  slopesOf(model, inputs).forEach((slopes, plane) =>
    slopes.forEach((slope, i) => expect(slope).toBeCloseTo((above[plane][i] - below[plane][i]) / 2e-2, 3)),
  );
});

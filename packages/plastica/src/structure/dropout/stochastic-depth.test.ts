import { expect, it } from "vitest";
import { relu } from "../../network/neurons.ts";
import { stochasticDepth } from "./index.ts";
import { drawn, learnerWith, masks } from "./testing.ts";

const beside = (rate: number) => {
  const learner = learnerWith({ model: relu() });
  const options = { from: "input", to: "output", size: 8, name: "beside", dropout: stochasticDepth({ rate }) };
  learner.addLayer(options);
  return learner;
};
const layerOf = ({ network }: ReturnType<typeof beside>, name: string) =>
  network.populations.indexOf(network.population(name));

it("skips the whole layer for an example, at its rate, where something leads round it", () => {
  const learner = beside(0.3);
  const { network } = learner;
  const all = masks(learner, 1, { examples: 400, layer: layerOf(learner, "beside") });
  const active = network.population("beside").model.gated;
  expect(active).toBe(true);
  const spoken = all.map((mask) => new Set(mask.filter((value) => value !== 0)));
  for (const values of spoken) expect([0, 1]).toContain(values.size); // all that have something to say, or nobody
  expect(new Set(all.flat())).toEqual(new Set([0, Math.fround(1 / 0.7)]));
  const skipped = spoken.filter(({ size }) => size === 0).length / 400;
  expect(Math.abs(skipped - 0.3)).toBeLessThan(4 * Math.sqrt(0.21 / 400));
});

it("in a chain nobody is silenced: the mask is 1 until there is a way round", () => {
  const learner = learnerWith({ dropout: stochasticDepth({ rate: 0.9 }), sizes: [5] });
  expect(masks(learner, 1, { examples: 50 }).flat()).toEqual(Array(250).fill(1));
  learner.addLayer({ from: "input", to: "output", size: 4 });
  expect(masks(learner, 1, { examples: 50, layer: layerOf(learner, "hidden1") }).flat()).toContain(0);
});

/** Makes two layers beside the first learn, with or without being skipped, and takes one of them out. */
function harmOfLoss(rate: number): number {
  const learner = learnerWith({ model: relu(), sizes: [16], seed: 3 });
  for (const name of ["left", "right"])
    learner.addLayer({ from: "input", to: "output", size: 16, name, dropout: stochasticDepth({ rate }) });
  const wants = (x: Float32Array) => (x[0] * x[1] > 0 ? 0 : x[2] > x[3] ? 1 : 2);
  const examples = Array.from({ length: 300 }, (_, i) => drawn(6, i + 1));
  for (let pass = 0; pass < 20; pass++) for (const x of examples) learner.observe(x, wants(x));
  const xs = Float32Array.from(examples.flatMap((x) => [...x]));
  const judge = () => learner.evaluate({ count: 300, xs, ys: examples.map(wants) }).loss;
  const before = judge();
  learner.removeLayer("left");
  return judge() - before;
}

it("makes a network that does without its layers: losing one harms less than half as much", () => {
  expect(harmOfLoss(0.5)).toBeLessThan(0.5 * harmOfLoss(0));
});

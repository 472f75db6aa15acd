import { expect, test } from "vitest";
import { example } from "../../life/testing.ts";
import { relu } from "../../network/neurons.ts";
import { dense, sequential } from "../../network/sequential.ts";
import { prune } from "../synapses.ts";
import { dropOrphans } from "./orphans.ts";

const occasion = { step: 0, cause: "test" };

test.each([
  ["not normalised", {}, 7],
  ["by batch", { batchNorm: true }, 7],
  ["by layer", { layerNorm: true }, 8],
])("nobody hears it: it dies where the others are not measured by it, and the answers stay; %s", (_, norm, size) => {
  const network = sequential({ inputs: 5, seed: 2 }, [dense(8, relu(), norm), dense(3)]);
  const answers = () =>
    Array.from({ length: 10 }, (__, i) => {
      network.present(example(i, 5, 3).x, 1);
      network.forward(1, false);
      return [...network.outputs.outputs(1)];
    }).flat();
  // The third neuron's three synapses.
  prune(network, network.projections[1], [6, 7, 8], occasion);
  const before = answers();
  dropOrphans(network, () => {}, occasion);
  expect(network.population("hidden1").size).toBe(size);
  for (const [i, value] of answers().entries()) expect(Math.abs(value - before[i])).toBeLessThan(1e-6);
});

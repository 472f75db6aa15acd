import { backprop, crossEntropy, dense, live, prune, relu, sequential, sgd } from "plastica";
import { expect, test } from "vitest";
import type { Stream } from "../streams/stream.ts";
import { probe } from "./probe.ts";

test("operations are those of active neurons and of synapses that are there", () => {
  const network = sequential({ inputs: 4, seed: 1 }, [dense(6, relu()), dense(2)]);
  const learner = live(network, { credit: backprop({ loss: crossEntropy() }), rule: sgd() });
  const stream = { at: () => ({ x: Float32Array.of(1, 0, 2, 0), y: 0 }) } as unknown as Stream;
  const [first, second] = network.projections;
  const whole = probe(learner, stream, 0, 10).operations;
  const awake = network.populations[1].active;
  expect(whole).toBe(2 * 6 + awake * 2);

  const half = Array.from({ length: 12 }, (_, i) => 2 * i);
  prune(network, first, half, { step: 0, cause: "test" });
  prune(network, second, [0, 2, 4, 6, 8, 10], { step: 0, cause: "test" });
  const pruned = probe(learner, stream, 0, 10).operations;
  expect(pruned).toBe(2 * 3 + network.populations[1].active * 1);
  expect(pruned).toBeLessThan(whole);
});

/** Every score on a network of maps, of synapses and of channels, from remembered examples and over the stream. */
import { expect, test } from "vitest";
import { backprop } from "../../credit/backprop.ts";
import { squaredError } from "../../credit/losses.ts";
import { live } from "../../life/learner.ts";
import { ExampleMemory } from "../../memory/example-memory.ts";
import { linear } from "../../network/neurons.ts";
import { conv, dense, sequential } from "../../network/sequential.ts";
import { sgd } from "../../rules/index.ts";
import { holds, learnerOf, prune } from "../maps-life.testing.ts";
import { Gauge } from "./gauge.ts";
import { scores } from "./scores/index.ts";

const ways = Object.keys(scores).flatMap((score) =>
  (["batch", "running"] as const).flatMap((from) =>
    (["synapse", "neuron"] as const).map((granularity) => ({ score, from, granularity })),
  ),
) as { score: keyof typeof scores; from: "batch" | "running"; granularity: "synapse" | "neuron" }[];

test.each(ways.filter(({ score, from }) => score !== "movement" || from === "running"))(
  "pruning by $granularity, $score ($from)",
  (options) => {
    const seen = holds(() => learnerOf(prune(options)));
    expect(seen).toContain(options.granularity === "synapse" ? "rewired" : "died");
  },
);

test("taylor's score of a channel is of the mean over its positions: what pulls both ways there counts for nothing", () => {
  const image = { height: 1, width: 2, channels: 1 };
  const network = sequential({ inputs: image, seed: 1 }, [conv(2, linear(), { kernel: 1 }), dense(1)]);
  const [kernels, readout] = network.projections;
  kernels.columns.unpack("w", Float32Array.of(1, 1));
  // The first channel is heard at both positions, the second at the first one alone.
  readout.columns.unpack("w", Float32Array.of(1, 1, 1, 0));
  const life = live(network, { credit: backprop({ loss: squaredError() }), rule: sgd() });
  const memory = new ExampleMemory(network, "test", { capacity: 2 });
  memory.show({ count: 2, xs: [2, -2, 1, 1], ys: [0, 0] });
  const gauge = new Gauge(life, scores.taylor, { from: "batch", decay: 0, owner: "test" });
  gauge.look(memory);
  // It says 2 and 3, and dLoss / dh is twice that where a channel is heard.
  const first = [Math.abs(2 * 4 - 2 * 4) / 2, (1 * 6 + 1 * 6) / 2];
  const second = [(2 * 4) / 2, (1 * 6) / 2];
  expect([...gauge.neurons(network.population("hidden1"))]).toEqual([first, second].map(([a, b]) => (a + b) / 2));
});

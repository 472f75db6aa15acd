/** Every score on a network of maps, of synapses and of channels, from remembered examples and over the stream. */
import { expect, test } from "vitest";
import { holds, learnerOf, prune } from "../maps-life.testing.ts";
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

/** Every policy on a network of maps: it acts, the network is what its weights say, and a life taken up from a snapshot goes on to the bit. */
import { expect, test } from "vitest";
import { backprop } from "../credit/backprop.ts";
import { crossEntropy } from "../credit/losses.ts";
import { type Learner, live } from "../life/learner.ts";
import { forwardMaps, valuesOf } from "../network/maps.twin.ts";
import { relu } from "../network/neurons.ts";
import { conv, dense, sequential } from "../network/sequential.ts";
import { adam } from "../rules/synaptic/index.ts";
import { continualBackprop } from "./continual-backprop.ts";
import { neuroplasticity } from "./cycle/neuroplasticity.ts";
import { dropouts } from "./dropout/index.ts";
import { dropin } from "./growth/dropin.ts";
import { go, holds, image, learnerOf, prune, xs, ys } from "./maps-life.testing.ts";
import type { StructuralPolicy } from "./policy.ts";
import { groupLasso } from "./pruning/group-lasso.ts";
import { lotteryTickets } from "./pruning/lottery-tickets.ts";
import { fire } from "./turnover/fire.ts";
import { granet } from "./turnover/granet.ts";
import { hareAndTortoise } from "./turnover/hare-and-tortoise.ts";
import { neuroplasticExpansion } from "./turnover/neuroplastic-expansion.ts";
import { periodicShrinkAndPerturb } from "./turnover/periodic-shrink-and-perturb.ts";
import { plasticityInjection } from "./turnover/plasticity-injection.ts";
import { redo } from "./turnover/redo.ts";
import { rigl } from "./turnover/rigl.ts";
import { selfNormalisedResets } from "./turnover/self-normalised-resets.ts";
import { sparseEvolutionaryTraining } from "./turnover/set.ts";
import { staticMask } from "./turnover/static-mask.ts";

function saysWhatItsWeightsSay(learner: Learner): void {
  const said = learner.predictBatch(xs.slice(0, 2).flat(), 2);
  const { network } = learner;
  const right = forwardMaps(network, valuesOf(network), xs.slice(0, 2), false).get(network.outputs)!.flat();
  right.forEach((value, i) => expect(Math.abs(said[i] - value)).toBeLessThan(2e-5 * Math.max(1, Math.abs(value))));
}

const sparse = { density: 0.5, every: 5, end: 24 };
const policies: Record<string, [() => StructuralPolicy, string]> = {
  "continual backprop": [() => continualBackprop({ replacementRate: 0.05, maturity: 2, refresh: 2 }), "died"],
  "continual backprop, contribution": [
    () => continualBackprop({ replacementRate: 0.05, maturity: 2, utility: "contribution" }),
    "died",
  ],
  redo: [() => redo({ threshold: 0.9, every: 5 }), "died"],
  "self-normalised resets": [() => selfNormalisedResets({ cap: 1 }), "died"],
  "group lasso": [() => groupLasso({ strength: 0.02, every: 2, maturity: 1 }), "died"],
  "lottery tickets": [() => lotteryTickets({ target: 0.6, rounds: 2, updates: 8, ticket: "random" }), "rewired"],
  fire: [() => fire({ every: 7 }), "treated"],
  "hare and tortoise": [() => hareAndTortoise({ every: 6 }), "treated"],
  "shrink and perturb": [() => periodicShrinkAndPerturb({ every: 6 }), "treated"],
  "plasticity injection": [() => plasticityInjection({ at: 9 }), "born"],
  set: [() => sparseEvolutionaryTraining(sparse), "rewired"],
  rigl: [() => rigl({ ...sparse, examples: 8 }), "rewired"],
  granet: [() => granet({ target: 0.6, start: 3, end: 21, every: 3, examples: 8 }), "rewired"],
  "neuroplastic expansion": [
    () => neuroplasticExpansion({ ...sparse, density: 0.3, finalDensity: 0.6, examples: 8 }),
    "rewired",
  ],
  "static mask": [() => staticMask({ density: 0.4 }), "rewired"],
  "pruning by layer": [() => prune({ granularity: "layer", schedule: "one-shot", start: 5 }), "layer-died"],
  "pruning by block": [() => prune({ granularity: "block", lanes: 4 }), "rewired"],
  "pruning with rewinding": [() => prune({ schedule: "iterative", rewindTo: 0 }), "treated"],
  dropin: [() => dropin({ when: "schedule", where: "all", every: 4, cooldown: 0, count: 2, maturity: 4 }), "born"],
  "dropin, layers beside": [
    () => dropin({ when: "schedule", form: "beside", how: "random", where: "all", every: 5, cooldown: 6, count: 2 }),
    "layer-born",
  ],
  "the cycle": [
    () => neuroplasticity({ shortest: 6, longest: 12, cooldown: 0, heldOut: 0.25, probe: 4, growth: 2, maturity: 1 }),
    "decided",
  ],
};

test.each(Object.entries(policies))("%s", (_, [policy, type]) => {
  const seen = holds(() => learnerOf(policy()));
  if (type !== "") expect(seen).toContain(type);
  const learner = learnerOf(policy());
  go(learner, 0, 14);
  saysWhatItsWeightsSay(learner);
});

const kinds = Object.keys(dropouts) as (keyof typeof dropouts)[];

test.each(kinds.filter((kind) => kind !== "standout"))("dropout on maps: %s", (kind) => {
  holds(() => learnerOf(continualBackprop({ replacementRate: 0.05, maturity: 2 }), dropouts[kind]({} as never)));
});

test("standout is no dropout of what is pooled, and says so", () => {
  expect(() => learnerOf(undefined, dropouts.standout({}))).toThrow("standout on hidden1: what a pool puts out");
});

test("spatial dropout hides whole channels of an example, DropBlock squares of the map", () => {
  for (const kind of ["spatial", "drop-block"] as const) {
    const options = kind === "spatial" ? { rate: 0.5 } : { rate: 0.3, block: 2 };
    const net = sequential({ inputs: image, seed: 2 }, [
      conv(4, relu(), { kernel: 2, dropout: dropouts[kind](options as never) }),
      dense(4),
    ]);
    const learner = live(net, { credit: backprop({ loss: crossEntropy() }), rule: adam() });
    learner.observeBatch(xs.slice(0, 8).flat(), ys.slice(0, 8));
    const layer = net.population("hidden1").silencing!;
    const [high, wide] = [6, 5];
    const hidden = (row: number, slot: number) => layer.at(row, slot) === 0;
    let [some, all] = [0, 0];
    for (let example = 0; example < 8; example++)
      for (let slot = 0; slot < 4; slot++) {
        const at = (y: number, x: number) => (example * high + y) * wide + x;
        const { compute, capacity } = net.population("hidden1");
        for (let y = 0; y < high; y++)
          for (let x = 0; x < wide; x++) {
            // Who says nothing anyway has no mask.
            if (compute.arena.f32[(layer.raw >>> 2) + at(y, x) * capacity + slot] === 0) continue;
            all++;
            if (!hidden(at(y, x), slot)) continue;
            some++;
            const whole = (rows: readonly number[], columns: readonly number[]) =>
              rows.every((v) =>
                columns.every((u) => v < 0 || u < 0 || v >= high || u >= wide || hidden(at(v, u), slot)),
              );
            const rows = Array.from({ length: high }, (_, v) => v);
            const columns = Array.from({ length: wide }, (_, u) => u);
            if (kind === "spatial") expect(whole(rows, columns)).toBe(true);
            else
              expect(
                [0, 1].some((i) =>
                  [0, 1].some((j) => {
                    const [top, left] = [y - i, x - j];
                    return (
                      top >= 0 &&
                      left >= 0 &&
                      top + 1 < high &&
                      left + 1 < wide &&
                      whole([top, top + 1], [left, left + 1])
                    );
                  }),
                ),
              ).toBe(true);
          }
      }
    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThan(all);
  }
});

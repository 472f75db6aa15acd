/** What scores are for: without what they call worthless, a network that has learned does much better than without as much by lot. */
import { expect, test } from "vitest";
import { derive, key, permutation, uniform } from "../../../compute/random.ts";
import { backprop } from "../../../credit/backprop.ts";
import { crossEntropy } from "../../../credit/losses.ts";
import { type Learner, live } from "../../../life/learner.ts";
import { ExampleMemory } from "../../../memory/example-memory.ts";
import { relu } from "../../../network/neurons.ts";
import type { Population } from "../../../network/population.ts";
import type { Projection } from "../../../network/projection.ts";
import { dense, sequential } from "../../../network/sequential.ts";
import { adam } from "../../../rules/index.ts";
import type { Examples, PolicyAtWork, StructuralPolicy } from "../../policy.ts";
import { death } from "../../structure.ts";
import { learnBySynapse, places, prune } from "../../synapses.ts";
import { Gauge } from "../gauge.ts";
import { lowest } from "../selection.ts";
import { type ScoreName, scores } from "./index.ts";
import type { Score } from "./score.ts";

const names = Object.keys(scores) as ScoreName[];
const [INPUTS, CLASSES] = [12, 3];
const draws = key(4, "worth");

/** Three classes: which of three corners, of the first six of twelve inputs, is nearest. */
function drawn(from: number, count: number): Examples & { ys: number[] } {
  const xs: number[] = [];
  const ys: number[] = [];
  for (let i = from; i < from + count; i++) {
    const x = Array.from({ length: INPUTS }, (_, j) => 2 * uniform(derive(draws, i), j) - 1);
    const towards = [x[0] + x[1] - x[2], x[2] + x[3] * x[3] - x[4], x[4] - x[0] + Math.abs(x[5])];
    xs.push(...x);
    ys.push(towards.indexOf(Math.max(...towards)));
  }
  return { count, xs, ys };
}

const occasion = { step: 0, cause: "test" };

/** A network that has learned the task, with a gauge for each score that looked on. */
function learned(): { learner: Learner; running: Map<ScoreName, Gauge> } {
  const running = new Map<ScoreName, Gauge>();
  const watching: StructuralPolicy = {
    ...{ name: "watching", options: {} },
    attach(life): PolicyAtWork {
      learnBySynapse(life.network);
      for (const name of names)
        running.set(name, new Gauge(life, scores[name] as Score, { from: "running", decay: 0.97, owner: name }));
      const after: PolicyAtWork["after"] = ({ examples }) => {
        for (const gauge of running.values()) gauge.after(examples);
      };
      return { after, save: () => null, load: () => {} };
    },
  };
  const network = sequential({ inputs: INPUTS, seed: 6 }, [dense(30, relu()), dense(20, relu()), dense(CLASSES)]);
  const credit = backprop({ loss: crossEntropy() });
  const learner = live(network, { credit, rule: adam({ lr: 3e-3 }), structure: [watching] });
  for (let i = 0; i < 600; i++) {
    const { xs, ys } = drawn(32 * i, 32);
    learner.observeBatch(xs, ys);
  }
  return { learner, running };
}

const { learner, running } = learned();
const { network } = learner;
const whole = learner.snapshot();
const tests = drawn(1_000_000, 500);
const memory = new ExampleMemory(network, "worth", { capacity: 128 });
memory.show(drawn(500_000, 128));

/** The loss on other examples without the 60 % of the synapses, or the half of the hidden neurons, that score lowest. */
function lossWithout(
  what: "synapses" | "neurons",
  scoreOf: (of: Projection | Population) => ArrayLike<number>,
): number {
  learner.restore(whole);
  const all = (length: number) => [...Array(length).keys()];
  if (what === "synapses") {
    const groups = network.projections.map((of) => ({ of, scores: scoreOf(of), candidates: all(places(of)) }));
    const count = Math.round(0.6 * groups.reduce((sum, { candidates }) => sum + candidates.length, 0));
    for (const [of, which] of lowest(groups, count)) prune(network, of, which, occasion);
  } else {
    // As many of each layer: what is compared here is neurons with their neighbours.
    const groups = network.populations
      .slice(1, -1)
      .map((of) => ({ of, scores: scoreOf(of), candidates: all(of.size) }));
    for (const group of groups) death(network, group.of, lowest([group], group.of.size / 2).get(group.of)!, occasion);
  }
  return learner.evaluate(tests).loss;
}

function byLot(what: "synapses" | "neurons"): number {
  const losses = Array.from({ length: 8 }, (_, lot) =>
    lossWithout(what, (of) => permutation(key(lot, of.name), "post" in of ? places(of) : of.size)),
  ).sort((a, b) => a - b);
  return losses[4];
}

const lots = { synapses: byLot("synapses"), neurons: byLot("neurons") };

test("it has learned the task", () => {
  learner.restore(whole);
  expect(learner.evaluate(tests).accuracy).toBeGreaterThan(0.9);
});

const ways = names.flatMap((name) => [[name, "batch"] as const, [name, "running"] as const]);

// Of one batch, movement is where the next step goes, and no judgement of a life.
test.each(ways.filter(([name, from]) => name !== "movement" || from === "running"))("%s (%s)", (name, from) => {
  learner.restore(whole);
  const options = { from, decay: 0, owner: "worth" };
  const gauge = from === "running" ? running.get(name)! : new Gauge(learner, scores[name] as Score, options);
  if (gauge.looks) gauge.look(memory);
  const synapses = new Map(network.projections.map((of) => [of, gauge.synapses(of)] as const));
  const neurons = new Map(network.populations.map((of) => [of, gauge.neurons(of)] as const));
  expect(lossWithout("synapses", (of) => synapses.get(of as Projection)!)).toBeLessThan(0.75 * lots.synapses);
  expect(lossWithout("neurons", (of) => neurons.get(of as Population)!)).toBeLessThan(0.9 * lots.neurons);
});

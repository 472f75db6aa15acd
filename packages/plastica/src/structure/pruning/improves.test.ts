/** What pruning is for: a tenth of the synapses, nearly as good as all, and better than a tenth by lot. */
import { expect, test } from "vitest";
import { derive, key, uniform } from "../../compute/random.ts";
import { backprop } from "../../credit/backprop.ts";
import { crossEntropy } from "../../credit/losses.ts";
import { live } from "../../life/learner.ts";
import { relu } from "../../network/neurons.ts";
import { dense, sequential } from "../../network/sequential.ts";
import { adam } from "../../rules/index.ts";
import type { Examples, StructuralPolicy } from "../policy.ts";
import { lotteryTickets } from "./lottery-tickets.ts";
import { pruning } from "./pruning.ts";

const [INPUTS, CLASSES, BATCH, UPDATES] = [16, 3, 32, 1200];
const draws = key(21, "improves");

/** Three classes, by six of sixteen inputs. */
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

const stream = Array.from({ length: UPDATES }, (_, i) => drawn(BATCH * i, BATCH));
const tests = drawn(1_000_000, 1000);

/** What a life of one policy comes to: the loss on other examples, and the share of the numbers that it still learns. */
function outcome(structure: StructuralPolicy[]): { loss: number; left: number } {
  const network = sequential({ inputs: INPUTS, seed: 1 }, [dense(32, relu()), dense(24, relu()), dense(CLASSES)]);
  const credit = backprop({ loss: crossEntropy() });
  const learner = live(network, { credit, rule: adam({ lr: 3e-3 }), structure });
  const whole = network.parameters;
  for (const { xs, ys } of stream) learner.observeBatch(xs, ys);
  const { loss } = learner.evaluate(tests);
  learner.close();
  return { loss, left: network.parameters / whole };
}

const timing = { target: 0.9, start: 100, end: 900, every: 50 };
const dense32 = outcome([]); // its loss is 0.08; by chance alone it would be 1.1

test.each([
  [{ ...timing }, 0.15],
  [{ ...timing, schedule: "dynamic" }, 0.15],
  [{ ...timing, schedule: "iterative", every: 200 }, 0.15],
  [{ ...timing, granularity: "block", lanes: 4, target: 0.8 }, 0.25],
  [{ ...timing, granularity: "neuron", score: "taylor", target: 0.6 }, 0.3],
] as const)("%j: of what is left of the numbers, at most %f, it does nearly what all did", (options, most) => {
  const pruned = outcome([pruning(options)]);
  expect(pruned.left).toBeLessThan(most);
  expect(pruned.loss).toBeLessThan(dense32.loss + 0.05);
});

test("by magnitude, what has not learned yet cannot be told apart; while it learns it can", () => {
  const blind = outcome([pruning({ ...timing, schedule: "one-shot", start: 1 })]);
  expect(blind.loss).toBeGreaterThan(3 * outcome([pruning(timing)]).loss);
});

test("a winning ticket learns what a random one does not", () => {
  const drawnAs = (ticket: "winning" | "random") =>
    outcome([lotteryTickets({ target: 0.9, rounds: 4, updates: 200, ticket })]);
  expect(drawnAs("winning").loss).toBeLessThan(0.5 * drawnAs("random").loss);
});

/** For tests: a small life on maps, and what any policy must leave as it is in one. */
import { expect } from "vitest";
import { backprop } from "../credit/backprop.ts";
import { crossEntropy } from "../credit/losses.ts";
import { type Learner, live } from "../life/learner.ts";
import { eventsOf } from "../life/testing.ts";
import { mapExamples } from "../network/maps.testing.ts";
import { relu } from "../network/neurons.ts";
import { maxPool } from "../network/pooling.ts";
import { conv, dense, sequential } from "../network/sequential.ts";
import type { Dropout } from "../network/silencing.ts";
import { adam } from "../rules/synaptic/index.ts";
import { gradientClipping } from "../rules/terms/index.ts";
import type { StructuralPolicy } from "./policy.ts";
import { type PruningOptions, pruning } from "./pruning/pruning.ts";

export const { xs, ys } = mapExamples(40);
export const image = { height: 7, width: 6, channels: 3 };

/** A life of maps, grouped and pooled, that dense layers come after. */
export function learnerOf(policy: StructuralPolicy | undefined, dropout?: Dropout): Learner {
  const net = sequential({ inputs: image, seed: 2 }, [
    conv(6, relu(), { kernel: 3, padding: 1, pool: maxPool(2), dropout }),
    conv(8, relu(), { kernel: 2, groups: 2, dropout }),
    dense(10, relu()),
    dense(4),
  ]);
  const credit = backprop({ loss: crossEntropy() });
  const terms = dropout ? [] : [gradientClipping({ norm: 5 })];
  return live(net, { credit, rule: adam({ lr: 0.02 }), terms, structure: policy ? [policy] : [] });
}

/** Updates of one example and of batches, in turns. */
export function go(learner: Learner, from: number, to: number): void {
  for (let step = from; step < to; step++) {
    const at = (3 * step) % 36;
    if (step % 3 === 0) learner.observe(xs[at], ys[at]);
    else learner.observeBatch(xs.slice(at, at + 4).flat(), ys.slice(at, at + 4));
  }
}

/** What happens in a life; and one that is taken up from a snapshot of it goes on to the bit. */
export function holds(make: () => Learner): string[] {
  const learner = make();
  const events = eventsOf(learner);
  go(learner, 0, 15);
  const other = make();
  other.restore(learner.snapshot());
  go(learner, 15, 20);
  go(other, 15, 20);
  expect(other.fingerprint()).toBe(learner.fingerprint());
  return events.map(({ type }) => type);
}

/** Pruning at updates 3, 9 and 15. */
export const prune = (options: PruningOptions) =>
  pruning({ start: 3, end: 21, every: 6, examples: 8, target: 0.5, ...options });

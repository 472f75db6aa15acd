/** For tests of snapshots: a life in which every part of one is in use, the same each time. */
import { backprop } from "../credit/backprop.ts";
import { crossEntropy } from "../credit/losses.ts";
import { crelu, relu } from "../network/neurons.ts";
import { dense, sequential } from "../network/sequential.ts";
import { adam } from "../rules/index.ts";
import { continualBackprop } from "../structure/continual-backprop.ts";
import { type Learner, live } from "./learner.ts";
import { observe } from "./testing.ts";

export function variedLife(): Learner {
  const net = sequential({ inputs: 3, seed: 6, normaliseInputs: { decay: 0.9 } }, [
    dense(5, crelu()),
    dense(4, relu()),
    dense(2),
  ]);
  const structure = [continualBackprop({ replacementRate: 0.03, maturity: 3 })];
  const learner = live(net, { credit: backprop({ loss: crossEntropy() }), rule: adam(), structure });
  observe(learner, 0, 30);
  learner.grow("hidden1", 2);
  observe(learner, 30, 40, 5);
  return learner;
}

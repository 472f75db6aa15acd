/** For tests of turnover: a small life under one policy, and what must hold of any. */
import { backprop } from "../../credit/backprop.ts";
import { crossEntropy } from "../../credit/losses.ts";
import { type Learner, live } from "../../life/learner.ts";
import { observe, untidy } from "../../life/testing.ts";
import type { NeuronModel } from "../../network/neuron.ts";
import { relu } from "../../network/neurons.ts";
import { dense, sequential } from "../../network/sequential.ts";
import { adam, type Rule } from "../../rules/index.ts";
import type { StructuralPolicy } from "../policy.ts";

export interface SmallLife {
  readonly seed?: number;
  readonly rule?: Rule;
  readonly model?: NeuronModel;
  readonly widths?: readonly number[];
}

/** Seven inputs, three classes. */
export function lifeUnder(policy: StructuralPolicy, options: SmallLife = {}): Learner {
  const { seed = 5, rule = adam({ lr: 0.01 }), model = relu(), widths = [9, 8] } = options;
  const network = sequential({ inputs: 7, seed }, [...widths.map((size) => dense(size, model)), dense(3)]);
  return live(network, { credit: backprop({ loss: crossEntropy() }), rule, structure: [policy] });
}

/**
 * What goes wrong when a life under the policy goes through births, deaths, batches and a snapshot: nothing, if the heir lives on to the same
 * bits.
 */
export function survives(policy: () => StructuralPolicy): string[] {
  const learner = lifeUnder(policy());
  observe(learner, 0, 30);
  learner.grow("hidden1", 3);
  observe(learner, 30, 62, 4);
  learner.remove("hidden2", [learner.network.population("hidden2").neurons[1].id]);
  learner.insertLayer("hidden1-hidden2");
  observe(learner, 62, 90);
  const heir = lifeUnder(policy());
  heir.restore(learner.snapshot());
  const [said, says] = [learner, heir].map((one) => observe(one, 90, 160));
  const wrong = untidy(learner.network);
  if (JSON.stringify(said) !== JSON.stringify(says)) wrong.push("the heir says something else");
  if (learner.fingerprint() !== heir.fingerprint()) wrong.push("the heir is another");
  return wrong;
}

/**
 * Bias correction for running averages that begin at 0, counted from the synapse's birth. In a network that lives, synapses are not
 * all of one age: an average in a newborn synapse has seen t steps, not as many as the network. A synapse is as old as the younger of its
 * two neurons, t = min(age, preAge), which is true of the incoming and of the outgoing synapses of a newborn neuron, and costs no state.
 *
 * 1 / (1 - decay^t) falls with t, so that of the younger neuron is the larger of the two neurons' own; these depend on one neuron only
 * and are computed once a neuron, not once a synapse (prelude.ts). What is left in the kernel is a maximum of two numbers.
 */
import type { Expression } from "../expression.ts";
import type { Signals } from "../reads.ts";

/** 1 / (1 - decay^t), t the synapse's age; for a decay in [0, 1). `shape` is applied to it, and must be rising. */
export function biasCorrection(
  decay: Expression,
  { age, preAge }: Pick<Signals, "age" | "preAge">,
  shape: (correction: Expression) => Expression = (correction) => correction,
): Expression {
  return shape(correctionAt(preAge, decay)).max(shape(correctionAt(age, decay)));
}

/** With h = tanh(t ln(decay) / 2) < 0: decay^t = (1 + h) / (1 - h), so 1 / (1 - decay^t) = (1 - 1/h) / 2, without cancellation. */
function correctionAt(t: Expression, decay: Expression): Expression {
  const h = decay.log().mul(0.5).mul(t.max(1)).tanh();
  return h.reciprocal().mul(-0.5).add(0.5);
}

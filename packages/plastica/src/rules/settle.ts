/**
 * Tiny numbers come to rest. A trace that decays by a factor each step does not reach 0 in float32: it ends in the subnormal numbers
 * below 2^-126, where rounding holds it for ever and where processors compute 50 to 100 times slower (measured: a step of momentum
 * on 392 x 100 synapses takes 8 microseconds, with subnormal velocities 770). In a network that learns for life every silent synapse
 * would get there. So at every 16th step, what a rule stores is 0 where it is nearer to 0 than 2^-80, about 8e-25: far below anything
 * that moves a weight, and high enough that 16 more steps with a factor of 0.14 or more do not lead below 2^-126.
 */
import { constant, type Expression } from "./expression.ts";
import { signals } from "./reads.ts";

const rest = 2 ** -80;
const every = 16;

/** `x`; at every 16th step, 0 where it is nearer to 0 than 2^-80. */
export function settled(x: Expression): Expression {
  const { step } = signals;
  const due = step.div(every).floor().mul(every).equals(step);
  return due.then(x.abs().less(rest).then(constant(0), x), x);
}

/**
 * Zero-out: incoming weights are drawn, outgoing ones are 0. What the network says stays the same to the bit; a newborn's outgoing synapses learn
 * at once, its incoming ones as soon as these are not 0 any more. What continual backprop and the resets do, and the default of a birth.
 */
import type { Way } from "./way.ts";

export const zeroOut = (): Way => ({
  name: "zero-out",
  options: {},
  preserves: "exactly",
  looks: false,
  propose: (_, { count }) => ({ count, endowment: {}, evidence: {} }),
});

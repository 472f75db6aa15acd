/**
 * Utilities of neurons: how much the rest of the network has of one. Each is an expression over means: `activity` of |h|,
 * `deviation` of |h - h^| (h^ the running mean of h), and mean |w| of outgoing and incoming synapses. Dohare et al., Nature 632,
 * 2024, and the ablations in the authors' code.
 */
import type { Expression } from "../rules/expression.ts";

export interface UtilitySymbols {
  readonly activity: Expression;
  readonly deviation: Expression;
  readonly outgoing: Expression;
  readonly incoming: Expression;
}

type Utility = (means: UtilitySymbols) => Expression;

/** Nobody is fed by synapses so weak; but who is fed by none must not be of infinite use. */
const weakest = (incoming: Expression): Expression => incoming.max(1e-20);

export const utilities = {
  /** |h| mean|w_out| */
  contribution: ({ activity, outgoing }) => activity.mul(outgoing),
  /** |h - h^| mean|w_out|: what a constant could not replace. */
  "zero-contribution": ({ deviation, outgoing }) => deviation.mul(outgoing),
  /** |h - h^| mean|w_out| / mean|w_in|: and which it would take longest to learn again. The published choice. */
  "adaptable-contribution": ({ deviation, outgoing, incoming }) => deviation.mul(outgoing).div(weakest(incoming)),
  /** mean|w_out| */
  weight: ({ outgoing }) => outgoing,
  /** 1 / mean|w_in| */
  adaptation: ({ incoming }) => weakest(incoming).reciprocal(),
  /** |h - h^| / mean|w_in| */
  "feature-by-input": ({ deviation, incoming }) => deviation.div(weakest(incoming)),
  /** None: who dies is drawn by lot. */
  random: ({ activity }) => activity.mul(0),
} satisfies Record<string, Utility>;

export type UtilityName = keyof typeof utilities;

/**
 * Terms: what composes with any rule. A term changes the gradient before the rule sees it, or the weight after the rule has made it,
 * or both; regularisers, clipping and consolidation are terms. Composition is symbolic: rule and terms become one kernel.
 *
 *     export const l2 = term("l2", { hyper: { strength: 1e-4 }, grad: ({ grad, w, strength }) => grad.add(strength.mul(w)) });
 *
 * A term's hyper-parameters and state go by its name in the plan ("l2.strength"), so a rule may use the same ones. Inside the term, an
 * option named like a signal stands in front of it.
 */
import { RuleError } from "../errors.ts";
import { checkedOutputs, checkState, chosenHyper, type InitialState, type Ranges, symbols } from "./declaration.ts";
import { type Expression, symbol } from "./expression.ts";
import { gradientScale, type Signals, signals } from "./reads.ts";
import { symbolsOf } from "./traverse.ts";

/** A term with its hyper-parameters chosen. */
export interface Term {
  readonly name: string;
  readonly hyper: Readonly<Record<string, number>>;
  readonly ranges: Ranges<Readonly<Record<string, number>>>;
  readonly state: Readonly<Record<string, InitialState>>;
  /** The engine computes the norm of all gradients before the update. */
  readonly needsGradientNorm: boolean;
  readonly traced: TracedTerm;
}

/** The expressions a term consists of; hyper-parameters and state have symbols with the term's name before theirs. */
export interface TracedTerm {
  readonly grad: Expression | undefined;
  readonly weight: Expression | undefined;
  readonly states: Readonly<Record<string, Expression>>;
}

/** The weight that the rule, and the terms before this one, have made. */
export const next: Expression = symbol("next", "cell");

type Given<H, S> = Omit<Signals, keyof H | keyof S> & { readonly [K in keyof H | keyof S]: Expression };
type After<H, S> = Given<H, S> & { readonly next: Expression };

export interface TermOptions<H, S> {
  /** Hyper-parameters and their defaults. */
  readonly hyper: H;
  /** What they may be, as `{ strength: "from 0" }`; absent: any finite number. */
  readonly ranges?: Ranges<H>;
  /** State per synapse and how it begins. */
  readonly state?: S;
  /** The gradient that the rule gets; `grad` is the one from the terms before this one. */
  readonly grad?: (given: Given<H, S> & { readonly gradientScale: Expression }) => Expression;
  /** The new weight; `next` is the one that the rule, and the terms before this one, have made; `grad` what the rule got. */
  readonly weight?: (given: After<H, S>) => Expression;
  /** New state; `next` is what this term's `weight` gets. */
  readonly states?: (given: After<H, S>) => { readonly [K in keyof S]?: Expression };
}

/** Makes a term; the options are the hyper-parameters it was defined with. */
export type TermDefinition<H> = (options?: { readonly [K in keyof H]?: number }) => Term;

// biome-ignore lint/complexity/noBannedTypes: `{}` is "no keys", which `Record<string, never>` is not.
type None = {};

/** Defines a term. Throws RuleError where it changes nothing, or returns something it did not declare. */
export function term<
  const H extends Readonly<Record<string, number>>,
  const S extends Readonly<Record<string, InitialState>> = None,
>(name: string, options: TermOptions<H, S>): TermDefinition<H> {
  const { hyper, ranges = {}, state = {} as S, grad, weight, states } = options;
  if (!grad && !weight) throw new RuleError(`${name}: a term has a function grad, or weight, or both`);
  checkState(name, state);
  chosenHyper(name, hyper, ranges, hyper);
  const prefix = `${name}.`;
  const given = { ...signals, ...symbols(hyper, "uniform", prefix), ...symbols(state, "cell", prefix) } as Given<H, S>;
  const after = { ...given, next };
  const changes = checkedOutputs(
    name,
    { grad: grad?.({ ...given, gradientScale }) ?? signals.grad, weight: weight?.(after) ?? next },
    ["grad", "weight"],
  );
  const traced = Object.freeze({
    grad: grad && changes.grad,
    weight: weight && changes.weight,
    states: checkedOutputs(name, states?.(after) ?? {}, Object.keys(state)),
  });
  const needsGradientNorm = symbolsOf([changes.grad]).has(gradientScale.name);
  const known = { name, ranges, state: Object.freeze({ ...state }), needsGradientNorm, traced };
  return (chosen = {}) => Object.freeze({ ...known, hyper: chosenHyper(name, hyper, ranges, chosen) });
}

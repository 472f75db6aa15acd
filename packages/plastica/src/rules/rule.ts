/**
 * The rule language. A synaptic rule says what a synapse does with the signals it sees, in ordinary TypeScript:
 *
 *     export const sgd = rule("sgd", { hyper: { lr: 0.01 } }, ({ w, grad, lr }) => ({ w: w.sub(lr.mul(grad)) }));
 *     sgd({ lr: 0.003 });
 *
 * The function is run once, on symbols. From the expressions it returns the compiler makes one SIMD kernel in which the
 * hyper-parameters are arguments, so a schedule recompiles nothing; and what the rule reads, how local it is, and whether silent
 * neurons cost nothing are known before it has run. A rule of your own is as fast as one of ours: there is no other way in.
 *
 * State is kept per synapse, in columns that structure carries along; it begins at a number, or at "w", a copy of the weight at birth.
 * A rule with a `survey` makes two passes: the first updates state and takes its maximum over the whole network, which the second reads.
 */
import { RuleError } from "../errors.ts";
import { checkedOutputs, checkState, chosenHyper, type InitialState, type Ranges, symbols } from "./declaration.ts";
import type { Expression } from "./expression.ts";
import { type Locality, localityOf, type SignalName, type Signals, signals, signalsRead } from "./reads.ts";
import { silenceIsFree } from "./silence.ts";
import { substitute } from "./traverse.ts";

export type { InitialState, Range, Ranges } from "./declaration.ts";
export { type Plan, type PlanMode, plan } from "./plan.ts";

/** `{ peak: { max: "utility" } }`: `peak` is the maximum of the state `utility` over all synapses of the network. */
export type Over = Readonly<Record<string, { readonly max: string }>>;

/** The expressions a rule consists of, in terms of symbols. */
export interface TracedRule {
  /** New `w` and new state. State that is not here stays as it is. */
  readonly update: Readonly<Record<string, Expression>>;
  /** New state after the first pass. */
  readonly survey: Readonly<Record<string, Expression>> | undefined;
  readonly over: Over;
}

/** A rule with its hyper-parameters chosen: what a learner is given. Plain data; make one by calling a rule's definition. */
export interface Rule {
  readonly name: string;
  readonly hyper: Readonly<Record<string, number>>;
  readonly ranges: Ranges<Readonly<Record<string, number>>>;
  readonly state: Readonly<Record<string, InitialState>>;
  readonly reads: ReadonlySet<SignalName>;
  readonly locality: Locality;
  /** Learning from one example, rows of silent presynaptic neurons keep their weights and state. */
  readonly silenceFree: boolean;
  readonly traced: TracedRule;
}

export interface RuleOptions<
  H extends Readonly<Record<string, number>>,
  S extends Readonly<Record<string, InitialState>>,
  O extends Over,
> {
  /** Hyper-parameters and their defaults. */
  readonly hyper?: H;
  /** What they may be, as `{ lr: "from 0" }`; absent: any finite number. */
  readonly ranges?: Ranges<H>;
  /** State per synapse and how it begins. */
  readonly state?: S;
  /** A first pass over all synapses of the network. Its function returns new state. */
  readonly survey?: (given: Given<H, S>) => { readonly [K in keyof S]?: Expression };
  /** What the second pass reads of the first. */
  readonly over?: O;
}

type Given<H, S> = Signals & { readonly [K in keyof H]: Expression } & { readonly [K in keyof S]: Expression };

/** Makes a rule; the options are the hyper-parameters it was defined with. Throws RuleError for an unknown or unusable one. */
export type RuleDefinition<H> = (options?: { readonly [K in keyof H]?: number }) => Rule;

// biome-ignore lint/complexity/noBannedTypes: `{}` is "no keys", which `Record<string, never>` is not.
type None = {};

/**
 * Defines a rule. `update` gets the standard signals, the hyper-parameters, the state and what `over` takes from the survey,
 * and returns the new `w` and any new state, all computed from the old values.
 *
 * Throws RuleError where a name is used twice, where the function returns something it did not declare, or no `w`.
 */
export function rule<
  const H extends Readonly<Record<string, number>> = None,
  const S extends Readonly<Record<string, InitialState>> = None,
  const O extends Over = None,
>(
  name: string,
  options: RuleOptions<H, S, O>,
  update: (given: Given<H, S> & { readonly [K in keyof O]: Expression }) => { readonly w: Expression } & {
    readonly [K in keyof S]?: Expression;
  },
): RuleDefinition<H> {
  const { hyper = {} as H, ranges = {}, state = {} as S, over = {} as O } = options;
  checkNames(name, [Object.keys(signals), Object.keys(hyper), Object.keys(state), Object.keys(over)]);
  checkState(name, state);
  chosenHyper(name, hyper, ranges, hyper);
  const given = { ...signals, ...symbols(hyper, "uniform"), ...symbols(state, "cell") } as Given<H, S>;
  const maxima = symbols(over, "uniform") as { readonly [K in keyof O]: Expression };
  const survey = options.survey && checkedOutputs(name, options.survey(given), Object.keys(state));
  for (const { max } of Object.values(over)) {
    if (survey?.[max] === undefined) {
      throw new RuleError(`${name}: over takes the maximum of "${max}", which the survey does not return`);
    }
  }
  const updated = checkedOutputs(name, update({ ...given, ...maxima }), ["w", ...Object.keys(state)]);
  if (updated.w === undefined)
    throw new RuleError(`${name}: its function returns no w; the new weight is what a rule is for`);
  const traced: TracedRule = Object.freeze({ update: updated, survey, over });
  const roots = [...Object.values(updated), ...Object.values(survey ?? {})];
  const reads = signalsRead(roots);
  const known = {
    name,
    ranges,
    state: Object.freeze({ ...state }),
    reads,
    locality: localityOf(reads, Object.keys(over).length > 0),
    silenceFree: survey === undefined && silenceIsFree({ name, outputs: exampleOutputs(updated) }),
    traced,
  };
  return (chosen = {}) => Object.freeze({ ...known, hyper: chosenHyper(name, hyper, ranges, chosen) });
}

function exampleOutputs(updated: Readonly<Record<string, Expression>>): { name: string; value: Expression }[] {
  const inExample = new Map([[signals.grad, signals.pre.mul(signals.signal)]]);
  return Object.entries(updated).map(([name, value]) => ({ name, value: substitute(value, inExample) }));
}

function checkNames(owner: string, groups: readonly (readonly string[])[]): void {
  const taken = new Set(["next", "gradientScale"]);
  for (const name of groups.flat()) {
    if (taken.has(name))
      throw new RuleError(
        `${owner}: the name "${name}" is already taken; signals, hyper-parameters and state have names of their own`,
      );
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      throw new RuleError(`${owner}: "${name}" is not a name: letters, digits and _, not a digit first`);
    taken.add(name);
  }
}

/**
 * A plan: a rule and its terms, composed into the programs that the engine runs, with all it needs to know about them. Of one
 * example the gradient is pre * signal, formed in registers and never stored; of a batch it is a cell input that the engine fills.
 */
import { RuleError } from "../errors.ts";
import type { InitialState, Range } from "./declaration.ts";
import { type Expression, type Node, noise, symbol, uniformNoise } from "./expression.ts";
import type { GridOutput, GridProgram } from "./grid.ts";
import { extractPrelude, type Prelude } from "./prelude.ts";
import { gradientScale, type Locality, localityOf, type SignalName, signals, signalsRead } from "./reads.ts";
import type { Over, Rule } from "./rule.ts";
import { settled } from "./settle.ts";
import { silenceIsFree } from "./silence.ts";
import { next, type Term } from "./term.ts";
import { nodesOf, substitute, symbolsOf } from "./traverse.ts";

/** `example`: grad = pre * signal. `batch`: grad is a cell slot. */
export type PlanMode = "example" | "batch";

/**
 * A cell beside the weights by which the gradient of a thinned plan is multiplied: 0 for a synapse that was left out of the step, else what
 * its weight was multiplied by (../structure/dropout/drop-connect.ts).
 */
export const MASK = "mask";

export interface Plan {
  readonly name: string;
  /**
   * Run before everything else, once a step and set of synapses: arrays over lanes and rows that survey and update read as slots of the
   * outputs' names (prelude.ts). Both undefined for most rules.
   */
  readonly prelude: Prelude;
  /** First pass: writes states, and for each name in `over` one row value, whose maximum over all rows of the network is a uniform. */
  readonly survey: GridProgram | undefined;
  readonly over: Over;
  /** Writes w and states. Of most rules it reads the uniform `step` even where the rule does not (settle.ts). */
  readonly update: GridProgram;
  /** State per synapse and how it begins; a term's under "term.state". */
  readonly states: Readonly<Record<string, InitialState>>;
  /** Uniforms by name; a term's under "term.option". */
  readonly hyper: Readonly<Record<string, number>>;
  /** What these may be; those that are not here may be any finite number. */
  readonly ranges: Readonly<Record<string, Range>>;
  readonly reads: ReadonlySet<SignalName>;
  /** pre, post or signal is read otherwise than through grad, so that a batch has no one value of it. */
  readonly readsActivity: boolean;
  readonly usesNoise: boolean;
  /** Rows whose presynaptic neuron is silent (in a batch: in every example) stay as they are. */
  readonly silenceFree: boolean;
  readonly locality: Locality;
  /** The uniform `gradientScale` is read: min(1, bound / norm of all gradients), bound being hyper["gradientClipping.norm"]. */
  readonly needsGradientNorm: boolean;
}

/** Composes `rule` with `terms`, in their order; `thinned`: for synapses that a mask leaves out of a step. Throws RuleError if a term is given twice. */
export function plan(rule: Rule, terms: readonly Term[], mode: PlanMode, thinned = false): Plan {
  checkTerms(rule, terms);
  const { over } = rule.traced;
  const { weight, states, surveyed } = compose(rule, terms);
  const name = [rule.name, ...terms.map((term) => term.name), ...(thinned ? ["thinned"] : [])].join(" + ");

  const whole = mode === "example" ? signals.pre.mul(signals.signal) : signals.grad;
  const formed = new Map([[signals.grad, thinned ? whole.mul(symbol(MASK, "cell")) : whole]]);
  const outputs = (values: Values): GridOutput[] =>
    Object.entries(values).map(([output, value]) => ({ name: output, value: substitute(value, formed) }));
  const silenceFree = surveyed === undefined && silenceIsFree({ name, outputs: outputs({ w: weight, ...states }) });
  // Where silence is free nothing decays by itself, and weights need not be watched.
  const stored = { w: silenceFree ? weight : settled(weight), ...mapValues(states, settled) };
  const programs: GridProgram[] = [{ name, outputs: outputs(stored) }];
  if (surveyed) {
    const settledStates = mapValues(surveyed, settled);
    const maxima = outputs(mapValues(over, ({ max }) => settledStates[max])).map((output) => ({
      ...output,
      reduce: "max" as const,
    }));
    programs.push({ name: `survey of ${name}`, outputs: [...outputs(settledStates), ...maxima] });
  }
  const extracted = extractPrelude(`prelude of ${name}`, programs);

  const roots = [weight, ...Object.values(states), ...Object.values(surveyed ?? {})];
  const reads = signalsRead(roots);
  const needsGradientNorm = symbolsOf(roots).has(gradientScale.name);
  return {
    name,
    prelude: extracted.prelude,
    update: extracted.programs[0],
    survey: extracted.programs[1],
    over,
    states: collect(rule, terms, (part) => part.state),
    hyper: collect(rule, terms, (part) => part.hyper),
    ranges: collect(rule, terms, (part) => part.ranges as Plan["ranges"]),
    reads,
    readsActivity: reads.has("pre") || reads.has("post") || reads.has("signal"),
    usesNoise: reads.has("noise"),
    silenceFree,
    locality: localityOf(reads, needsGradientNorm || Object.keys(over).length > 0),
    needsGradientNorm,
  };
}

type Values = Readonly<Record<string, Expression>>;

/** The new weight and states in terms of the raw `grad`: gradients through the terms, the rule, and the weight through the terms. */
function compose(
  rule: Rule,
  terms: readonly Term[],
): { weight: Expression; states: Values; surveyed: Values | undefined } {
  const { update, survey } = rule.traced;
  const separate = new Streams(Object.values({ ...update, ...survey }));
  const changes = terms.map(({ traced: { grad, weight, states } }) => separate.of({ grad, weight, ...states }));
  let grad: Expression = signals.grad;
  // The scale of a norm is that of the raw gradient, wherever in the list its term stands.
  const scalesFirst = terms
    .map((_, i) => i)
    .sort((i, j) => Number(terms[j].needsGradientNorm) - Number(terms[i].needsGradientNorm));
  for (const i of scalesFirst) grad = apply(changes[i].grad, grad, next) ?? grad;
  const ofRule = (value: Expression): Expression => apply(value, grad, next) as Expression;

  const { w, ...states } = mapValues(update, ofRule);
  let weight = w;
  terms.forEach((term, i) => {
    const { grad: _, weight: changed, ...own } = changes[i];
    for (const [state, value] of Object.entries(own)) {
      if (value) states[`${term.name}.${state}`] = apply(value, grad, weight) as Expression;
    }
    weight = apply(changed, grad, weight) ?? weight;
  });
  return { weight, states, surveyed: survey && mapValues(survey, ofRule) };
}

function apply(change: Expression | undefined, grad: Expression, weight: Expression): Expression | undefined {
  return (
    change &&
    substitute(
      change,
      new Map([
        [signals.grad, grad],
        [next, weight],
      ]),
    )
  );
}

function mapValues<T>(
  values: Readonly<Record<string, T>>,
  change: (value: T) => Expression,
): Record<string, Expression> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}

function collect<T>(
  rule: Rule,
  terms: readonly Term[],
  of: (part: Rule | Term) => Readonly<Record<string, T>>,
): Record<string, T> {
  const named = terms.flatMap((term) =>
    Object.entries(of(term)).map(([key, value]) => [`${term.name}.${key}`, value] as const),
  );
  return Object.fromEntries([...Object.entries(of(rule)), ...named]);
}

function checkTerms(rule: Rule, terms: readonly Term[]): void {
  const names = new Set<string>();
  for (const { name } of terms) {
    if (names.has(name))
      throw new RuleError(`${rule.name}: the term ${name} is given twice; their strengths would get one name`);
    names.add(name);
  }
}

/** Gives the draws of each term streams of their own, so that a term's noise is not that of the rule. */
class Streams {
  #used: number;

  constructor(taken: readonly Node[]) {
    this.#used = 1 + Math.max(-1, ...drawsOf(taken).map((draw) => draw.value));
  }

  of(expressions: Readonly<Record<string, Expression | undefined>>): Record<string, Expression | undefined> {
    const draws = drawsOf(Object.values(expressions).filter((value) => value !== undefined));
    if (draws.length === 0) return { ...expressions };
    const streams = [...new Set(draws.map((draw) => draw.value))].sort((a, b) => a - b);
    const moved = new Map(
      draws.map((draw) => {
        const stream = this.#used + streams.indexOf(draw.value);
        return [draw, draw.op === "noise" ? noise(stream) : uniformNoise(stream)];
      }),
    );
    this.#used += streams.length;
    return Object.fromEntries(
      Object.entries(expressions).map(([name, value]) => [name, value && substitute(value, moved)]),
    );
  }
}

function drawsOf(roots: readonly Node[]): Node[] {
  return nodesOf(roots).filter(({ op }) => op === "noise" || op === "uniformNoise");
}

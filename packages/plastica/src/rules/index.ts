/**
 * The face of the rules: the language of expressions, rules and terms; what is known of a rule before it runs; the programs it
 * becomes, their compiler and its twin; and the rules and terms that come with the engine.
 */
export { compileGrid } from "./compile.ts";
export { differentiate } from "./differentiate.ts";
export {
  Bits,
  Condition,
  constant,
  Expression,
  type Kind,
  noise,
  type Operand,
  symbol,
  uniformNoise,
} from "./expression.ts";
export {
  type Arithmetic,
  argument,
  type CompiledGrid,
  type GridOutput,
  type GridProgram,
  type GridSlot,
} from "./grid.ts";
export { type GridBinding, type GridExtent, interpretGrid } from "./interpret.ts";
export { type Plan, type PlanMode, plan } from "./plan.ts";
export type { Prelude } from "./prelude.ts";
export { type Locality, type SignalName, type Signals, signals } from "./reads.ts";
export { type InitialState, type Range, type Ranges, type Rule, type RuleDefinition, rule } from "./rule.ts";
export { silenceIsFree } from "./silence.ts";
export * from "./synaptic/index.ts";
export { type Term, type TermDefinition, term } from "./term.ts";
export * from "./terms/index.ts";
export { substitute } from "./traverse.ts";

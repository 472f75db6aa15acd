/**
 * What rules and terms declare, checked: hyper-parameters as they are given against those that exist, how state begins, and what a
 * definition's functions return.
 */
import { RuleError } from "../errors.ts";
import { Expression, symbol } from "./expression.ts";

/** A number, or the weight as it was when the synapse was born. */
export type InitialState = number | "w";

const ranges = {
  "from 0": (value: number) => value >= 0,
  "above 0": (value: number) => value > 0,
  "from 1": (value: number) => value >= 1,
  "from 0 to 1": (value: number) => value >= 0 && value <= 1,
  "from 0, below 1": (value: number) => value >= 0 && value < 1,
};

/** What a hyper-parameter may be, in words. */
export type Range = keyof typeof ranges;

/** Some hyper-parameters' ranges; those without may be any finite number. */
export type Ranges<H> = { readonly [K in keyof H]?: Range };

/** Whether a number, as kernels see it, in float32, is outside of a range. */
export function isOutside(value: number, range: Range | undefined): boolean {
  return range !== undefined && !ranges[range](Math.fround(value));
}

/** `defaults`, changed by `options`. An unknown key or a value that is not a finite number, or outside of its range, is a RuleError that names it. */
export function chosenHyper<H extends Readonly<Record<string, number>>>(
  owner: string,
  defaults: H,
  allowed: Ranges<H>,
  options: Readonly<Partial<Record<keyof H, number>>>,
): Readonly<Record<keyof H, number>> {
  const chosen: Record<string, number> = { ...defaults };
  for (const [key, value] of Object.entries<number | undefined>(options)) {
    if (!Object.hasOwn(defaults, key))
      throw new RuleError(`${owner}: unknown option "${key}"${suggestion(key, Object.keys(defaults))}`);
    if (value === undefined) continue;
    if (typeof value !== "number" || !Number.isFinite(value)) {
      throw new RuleError(`${owner}: ${key} is ${String(value)}; a finite number is needed (default ${defaults[key]})`);
    }
    if (isOutside(value, allowed[key]))
      throw new RuleError(
        `${owner}: ${key} is ${value}; a number ${allowed[key]} is needed (default ${defaults[key]})`,
      );
    chosen[key] = value;
  }
  return Object.freeze(chosen) as Readonly<Record<keyof H, number>>;
}

/** `; did you mean "lr"? It has lr, momentum`, to end an error message with. */
export function suggestion(key: string, known: readonly string[]): string {
  if (known.length === 0) return "; it has none";
  const nearest = known.reduce((best, name) => (distance(key, name) < distance(key, best) ? name : best));
  return `; did you mean "${nearest}"? It has ${known.join(", ")}`;
}

/** Symbols for the keys of `named`, under names with `prefix` before them. */
export function symbols(named: object, kind: "uniform" | "cell", prefix = ""): Record<string, Expression> {
  return Object.fromEntries(Object.keys(named).map((name) => [name, symbol(prefix + name, kind)]));
}

/** Throws RuleError where a state begins at something that is neither a finite number nor "w". */
export function checkState(owner: string, state: Readonly<Record<string, InitialState>>): void {
  for (const [name, initial] of Object.entries(state)) {
    if (initial !== "w" && !Number.isFinite(initial)) {
      throw new RuleError(`${owner}: state "${name}" begins at ${String(initial)}; a finite number or "w" is needed`);
    }
  }
}

/** Throws RuleError where a key is none of `known`, or its value no expression. */
export function checkedOutputs(
  owner: string,
  outputs: Readonly<Record<string, Expression | undefined>>,
  known: readonly string[],
): Readonly<Record<string, Expression>> {
  for (const [name, value] of Object.entries(outputs)) {
    if (!known.includes(name))
      throw new RuleError(`${owner}: returns "${name}", which is not declared${suggestion(name, known)}`);
    if (!(value instanceof Expression))
      throw new RuleError(`${owner}: ${name} is ${String(value)}; an expression is needed`);
  }
  return Object.freeze({ ...outputs }) as Readonly<Record<string, Expression>>;
}

/** Levenshtein's edit distance, case ignored. */
function distance(a: string, b: string): number {
  const [from, to] = [a.toLowerCase(), b.toLowerCase()];
  let row = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[to.length];
}

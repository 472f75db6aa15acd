/**
 * The probe: examples that are kept from learning, to judge with. Every so many is held out; while it is waited whether the world has changed, every
 * other one is, until the probe is full. The last of them stand for the present; a fair sample of all of them, if it has any weight, for the past.
 */

import { SnapshotError } from "../../errors.ts";
import { ExampleMemory } from "../../memory/example-memory.ts";
import type { Network } from "../../network/network.ts";
import type { Examples, Life } from "../policy.ts";

export interface ProbeOptions {
  /** Share of the examples that is held out, above 0; 0: none. */
  readonly heldOut: number;
  /** Examples of the present, and as many of the past. */
  readonly probe: number;
  /** Weight of the past, 0 to 1. */
  readonly remembering: number;
}

/** Losses, example by example; a group's mean counts with its weight, and weights add up to 1. */
export type Measured = readonly { readonly weight: number; readonly losses: readonly number[] }[];

/** The mean loss. */
export function lossOf(measured: Measured): number {
  return measured.reduce((sum, { weight, losses }) => sum + weight * meanOf(losses), 0);
}

/** The standard error of the difference between two mean losses on the same examples. */
export function errorOfDifference(one: Measured, other: Measured): number {
  let variance = 0;
  for (const [i, { weight, losses }] of one.entries()) {
    const n = losses.length;
    const differences = losses.map((loss, j) => loss - other[i].losses[j]);
    const mean = meanOf(differences);
    const spread = differences.reduce((sum, difference) => sum + (difference - mean) ** 2, 0);
    // Of one example nothing is known but itself.
    variance += (weight ** 2 * (n > 1 ? spread / (n - 1) : differences[0] ** 2)) / n;
  }
  return Math.sqrt(variance);
}

/** By how many of its standard errors the mean loss of the present is above another; 0 where there are too few examples to know. */
export function riseOf([{ losses }]: Measured, other: number): number {
  const mean = meanOf(losses);
  const spread = losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0);
  const error = Math.sqrt(spread / ((losses.length - 1) * losses.length));
  return error > 0 ? (mean - other) / error : 0;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export class Probe {
  readonly #options: ProbeOptions;
  readonly #present: ExampleMemory;
  readonly #past: ExampleMemory | undefined;
  /** Of examples to be held out, a fraction that has not come together. */
  #due = 0;

  constructor(network: Network, options: ProbeOptions) {
    const { probe: capacity, remembering } = options;
    this.#options = options;
    this.#present = new ExampleMemory(network, "probe", { capacity });
    if (remembering > 0) this.#past = new ExampleMemory(network, "past", { capacity, keeps: "reservoir" });
  }

  /** By name, those that hold anything. */
  get memories(): [string, ExampleMemory][] {
    if (this.#options.heldOut === 0) return [];
    return [["probe", this.#present], ...(this.#past ? ([["past", this.#past]] as [string, ExampleMemory][]) : [])];
  }

  /** Examples of the present. */
  get size(): number {
    return this.#present.size;
  }

  /** Whether these examples are held out. */
  sift(seen: Examples, waiting: boolean): boolean {
    this.#due += waiting && this.size < this.#present.capacity ? 0.5 : this.#options.heldOut;
    if (this.#due < 1) return false;
    this.#due -= 1;
    this.#present.show(seen);
    this.#past?.show(seen);
    return true;
  }

  /** The present begins anew. */
  clear(): void {
    this.#present.clear();
  }

  /** The loss of each example that was held out, those of the present and of the past by themselves. */
  measure(life: Life): Measured {
    const { remembering } = this.#options;
    const each = (memory: ExampleMemory) =>
      Array.from({ length: memory.size }, (_, slot) => life.evaluate(memory.examples([slot])).loss);
    const present = { weight: 1 - remembering, losses: each(this.#present) };
    return this.#past ? [present, { weight: remembering, losses: each(this.#past) }] : [present];
  }

  save(): unknown {
    return { due: this.#due, present: this.#present.save(), past: this.#past?.save() ?? 0 };
  }

  load(state: unknown): void {
    const { due, present, past } = (state ?? {}) as Record<string, unknown>;
    if (typeof due !== "number" || !(due >= 0 && due < 1))
      throw new SnapshotError(`the snapshot's probe is ${JSON.stringify(state)}: what is due is a fraction from 0`);
    this.#present.load(present);
    this.#past?.load(past);
    this.#due = due;
  }
}

/**
 * A structural policy: looks on as a network lives and decides who is born and who dies, what is rewired and what stands still.
 * A policy is attached to a life, and works in two phases after each update: it *looks* while what passed through is still in the
 * populations' buffers, and when all policies have looked it may *reflect*: evaluate, examine gradients, try changes and undo them.
 */

import type { Loss, Taking } from "../credit/loss.ts";
import type { Columns } from "../network/columns.ts";
import type { Network } from "../network/network.ts";
import type { Population } from "../network/population.ts";
import type { Projection } from "../network/projection.ts";
import type { LifeEvent } from "./events.ts";
import type { Occasion } from "./structure.ts";

export interface StructuralPolicy {
  readonly name: string;
  /** Names of other policies that are at work as parts of it, with columns of theirs. Absent: none. */
  readonly parts?: readonly string[];
  readonly options: Readonly<Record<string, number | string | boolean>>;
  /** Takes up its work on a life: adds the columns it needs. */
  attach(life: Life): PolicyAtWork;
}

/** Examples one after the other, with what they aim at: a class an example, or a value an example and output. */
export interface Examples {
  readonly count: number;
  readonly xs: Float32Array | readonly number[];
  /** Absent where credit takes no target. */
  readonly ys: ArrayLike<number> | undefined;
  /** The outputs that take part. Absent: all. */
  readonly outputs?: Taking;
}

/** How a network does on examples. */
export interface Evaluation {
  /** Mean over the examples. */
  readonly loss: number;
  /** Share whose largest output is the right class; NaN where targets are values. */
  readonly accuracy: number;
}

/** Told of the network's parts as their signals become known, from the output back. */
export interface Visitor {
  /** `population.signal` holds dLoss / dInput, example by example, and `out` its activities. */
  population?(population: Population): void;
  /** The signals of its postsynaptic population are known: `gradientOf` says what its synapses' gradients are. */
  projection?(projection: Projection): void;
}

/** What a policy may do with the life that it looks after. What it does takes the place of what is in the buffers. */
export interface Life {
  readonly network: Network;
  /** Updates made so far. */
  readonly step: number;
  /** Hyper-parameters by name, and the way to change one. */
  readonly hyper: Readonly<Record<string, number>>;
  set(name: string, value: number): void;
  /** How the network does on these examples as it is now. Nothing is learned. */
  evaluate(examples: Examples): Evaluation;
  /** Assigns credit for the mean loss on these examples and shows it to the visitor. Nothing is learned. Returns the loss. */
  examine(examples: Examples, visitor: Visitor): number;
  /** One update from these examples, of which no policy hears. Returns the loss before it. */
  practise(examples: Examples): number;
  readonly loss: Loss;
  /** A copy of the network as it is now, to be asked and not to learn: with all that a pass needs, and nothing else. */
  copy(): Network;
  /** A newborn network of the same layers, with so many neurons in each hidden one. */
  newborn(sizeOf: (layer: Population) => number): Network;
  /** Such a network as a file for `nested`, and back. `read` throws SnapshotError. */
  write(network: Network): Uint8Array;
  read(file: Uint8Array): Network;
  /** A life of another network by the same rule, terms and loss, under these policies: a student. */
  beside(network: Network, structure: readonly StructuralPolicy[]): LifeBeside;
  /** Lets another network take the place of this one, from the next example on. See ../life/succession.ts. */
  replaceBy(student: Network, occasion: Occasion, evidence?: Readonly<Record<string, number>>): LifeEvent[];
  /** Remembers everything as it is now. What it returns puts it all back: network, optimiser, statistics, policies, step. */
  branch(): () => void;
}

/** A life that a policy leads beside that which it looks after. */
export interface LifeBeside extends Life {
  /** Learns from these examples. Returns the outputs and predictions from before. */
  observeBatch(
    xs: Examples["xs"],
    ys: Examples["ys"],
    options: { outputs?: Taking },
  ): { readonly outputs: Float32Array; readonly predictions: Int32Array; readonly loss: number };
  snapshot(): Uint8Array;
  restore(bytes: Uint8Array): unknown;
}

/** An update that has just been made. What passed through is still in the populations' buffers. */
export interface Moment {
  /** Its number, from 1. */
  readonly step: number;
  /** The last update before it of which policies heard: others were practised since. Absent: the one before. */
  readonly since?: number;
  readonly examples: number;
  /** Mean over the examples, before the update. */
  readonly loss: number;
  /** What was learned from. Good until the caller's next step: whoever wants to remember it copies it. */
  readonly seen: Examples;
}

/** Whether update `at` has come: with this one, or among those that were practised since policies last heard of one. */
export function hasCome(at: number, { step, since = step - 1 }: Moment): boolean {
  return since < at && at <= step;
}

/** Whether a multiple of `every` has come, in the same way. */
export function comesRound(every: number, moment: Moment): boolean {
  return hasCome(moment.step - (moment.step % every), moment);
}

/** Files of safetensors by name. */
export type Nested = Readonly<Record<string, Uint8Array>>;

export type Announce = (event: LifeEvent) => void;

export interface PolicyAtWork {
  /**
   * After each update, with its activities and signals still in the buffers: nothing may be passed through the network here. Announces
   * what it did; listeners hear of it when all policies have acted.
   */
  after?(moment: Moment, announce: Announce): void;
  /** When all policies have looked: here the life may be evaluated, examined, branched. */
  reflect?(moment: Moment, announce: Announce): void;
  /** Before learning: true keeps these examples from being learned, so that they can judge. They count as no step. */
  holdOut?(seen: Examples): boolean;
  /**
   * Before these examples, which have been passed through and measured, are learned from: what a change of task asks for. True if it changed
   * the network or passed anything through it: then they are passed through again.
   */
  before?(seen: Examples, announce: Announce): boolean;
  /**
   * When the loss has been measured and no credit assigned yet: what the output population has in `out` and `back` (dLoss / dOut) may be
   * read, and `back` be changed. Nothing may be passed through the network here.
   */
  teach?(seen: Examples): void;
  /** The same for a hidden population, after `teach`, when all that its synapses carried back is in its `back`. */
  pull?(population: Population, examples: number): void;
  /** Somebody who knows says that a task ends here. */
  endTask?(announce: Announce): void;
  /**
   * Gives the network the form of the task whose outputs these are, to be asked and not to learn. Returns what gives it back the form that it
   * had; undefined where it has that form already.
   */
  form?(outputs: Taking | undefined): (() => void) | undefined;
  /** What it remembers beside columns, as plain JSON data, and its way back. `load` throws SnapshotError on what it cannot be. */
  save(): unknown;
  load(state: unknown, nested: Nested): void;
  /** What it has beside this network (a teacher, a student), as files of safetensors, which become part of snapshots. `load` is given them back. */
  nested?(): Nested;
  /** Grids of its own, of a shape that never changes, which snapshots carry: examples that it remembers. */
  readonly columns?: Readonly<Record<string, Columns>>;
}

/**
 * A memory of examples: inputs, what they aimed at and which outputs took part, in columns, so that snapshots and undo carry it. It
 * keeps the last ones (`recent`), or a fair sample of all that it was shown (`reservoir`; Vitter, 1985): when full, example t takes
 * the place of a random one with probability capacity / t, a draw that is addressed by t.
 */
import { integer, type Key } from "../compute/random.ts";
import { takingOf } from "../credit/loss.ts";
import { SnapshotError, ValueError } from "../errors.ts";
import { Columns } from "../network/columns.ts";
import type { Network } from "../network/network.ts";
import type { Examples } from "../structure/policy.ts";

export interface ExampleMemoryOptions {
  /** Examples that it holds: a whole number from 1. */
  readonly capacity: number;
  /** Default "recent". */
  readonly keeps?: "recent" | "reservoir";
}

/** A target that is a class is kept as its number; one of values as these, and this in the place of a class. */
const VALUES = -1;
/** Where credit takes no target. */
const NONE = -2;

export class ExampleMemory {
  readonly capacity: number;
  /** For `PolicyAtWork.columns`. */
  readonly columns: { readonly inputs: Columns; readonly targets: Columns; readonly classes: Columns };
  readonly #outputs: number;
  readonly #keeps: "recent" | "reservoir";
  readonly #key: Key;
  /** Examples that it was shown. */
  #shown = 0;

  /** `purpose` addresses its draws: two memories of one network differ in it. */
  constructor(network: Network, purpose: string, { capacity, keeps = "recent" }: ExampleMemoryOptions) {
    if (!Number.isSafeInteger(capacity) || capacity < 1)
      throw new ValueError(`a memory of ${capacity} examples: a whole number from 1`);
    const { arena } = network.compute;
    this.capacity = capacity;
    this.#outputs = network.outputs.size;
    this.#keeps = keeps;
    this.#key = network.keyOf("example memory", purpose);
    this.columns = {
      inputs: new Columns(arena, 1, capacity, network.inputs.values),
      targets: new Columns(arena, 1, capacity, this.#outputs),
      classes: new Columns(arena, 1, capacity, 1),
    };
    this.columns.inputs.add("x", 0);
    this.columns.targets.add("target", 0);
    this.columns.targets.add("head", 1);
    this.columns.classes.add("class", NONE);
  }

  /** Examples that it holds now. */
  get size(): number {
    return Math.min(this.#shown, this.capacity);
  }

  /** It holds nothing any more, and is as it was when it was made. */
  clear(): void {
    this.#shown = 0;
  }

  /** Shows it examples, which it copies, or passes over. */
  show({ count, xs, ys, outputs }: Examples): void {
    const width = xs.length / count;
    const { inputs, targets, classes } = this.columns;
    const [x, target, head, label] = [
      inputs.view("x"),
      targets.view("target"),
      targets.view("head"),
      classes.view("class"),
    ];
    for (let i = 0; i < count; i++) {
      const slot = this.#slot();
      if (slot < 0) continue;
      const from = slot * inputs.laneCapacity;
      for (let j = 0; j < width; j++) x[from + j] = xs[i * width + j];
      const at = slot * targets.laneCapacity;
      const taking = takingOf(outputs, i);
      head.fill(taking ? 0 : 1, at, at + this.#outputs);
      for (const output of taking ?? []) head[at + output] = 1;
      const isClass = ys?.length === count && this.#outputs > 1;
      label[slot * classes.laneCapacity] = ys === undefined ? NONE : isClass ? ys[i] : VALUES;
      if (ys && !isClass) for (let j = 0; j < this.#outputs; j++) target[at + j] = ys[i * this.#outputs + j];
    }
  }

  /**
   * What it holds, or the examples in these slots of it. Where all take the same outputs part, that is said once. Throws ValueError
   * when it holds nothing.
   */
  examples(slots: readonly number[] = Array.from({ length: this.size }, (_, i) => i)): Examples {
    if (slots.length === 0) throw new ValueError("a memory that holds no example yet was asked for some");
    const { inputs, targets, classes } = this.columns;
    const [x, target, head] = [inputs.view("x"), targets.view("target"), targets.view("head")];
    const label = classes.view("class");
    const xs = new Float32Array(slots.length * inputs.lanes);
    slots.forEach((slot, i) => {
      const from = slot * inputs.laneCapacity;
      xs.set(x.subarray(from, from + inputs.lanes), i * inputs.lanes);
    });
    const classOf = (slot: number) => label[slot * classes.laneCapacity];
    const outputs = slots.map((slot) => {
      const row = head.subarray(slot * targets.laneCapacity, slot * targets.laneCapacity + this.#outputs);
      return row.every((part) => part === 1) ? undefined : [...row.keys()].filter((output) => row[output] === 1);
    });
    const shared = outputs.every((taking) => String(taking) === String(outputs[0]));
    const heads = shared ? (outputs[0] ? { outputs: outputs[0] } : {}) : { outputs };
    const rest = { count: slots.length, xs, ...heads };
    if (slots.every((slot) => classOf(slot) === NONE)) return { ...rest, ys: undefined };
    if (slots.every((slot) => classOf(slot) >= 0)) return { ...rest, ys: slots.map(classOf) };
    const ys = new Float32Array(slots.length * this.#outputs);
    slots.forEach((slot, i) => {
      const at = slot * targets.laneCapacity;
      if (classOf(slot) >= 0) ys[i * this.#outputs + classOf(slot)] = 1;
      else ys.set(target.subarray(at, at + this.#outputs), i * this.#outputs);
    });
    return { ...rest, ys };
  }

  /** What is not in columns. */
  save(): number {
    return this.#shown;
  }

  /** Throws SnapshotError for what it cannot have been. */
  load(shown: unknown): void {
    if (!Number.isSafeInteger(shown) || (shown as number) < 0)
      throw new SnapshotError(`a memory of examples was shown ${JSON.stringify(shown)} of them: a whole number from 0`);
    this.#shown = shown as number;
  }

  /** Where the next example goes; -1 if it is passed over. */
  #slot(): number {
    const t = this.#shown++;
    if (this.#keeps === "recent") return t % this.capacity;
    if (t < this.capacity) return t;
    const slot = integer(this.#key, t, t + 1);
    return slot < this.capacity ? slot : -1;
  }
}

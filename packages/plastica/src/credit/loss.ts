/**
 * Losses: how wrong the outputs are, and the signal that says in which direction. Each is two or three expressions over the
 * outputs `out`, the `target` and the `mask` (1 for outputs that take part, 0 for the others), example by example.
 */
import type { Compute } from "../compute/compute.ts";
import { ShapeError, ValueError } from "../errors.ts";
import { GridCall } from "../network/grid-call.ts";
import type { Network } from "../network/network.ts";
import { type Expression, symbol } from "../rules/expression.ts";
import type { GridProgram } from "../rules/grid.ts";

/** What a loss's expressions may read. `n` is the number of outputs that take part in an example, `scale` 1 / examples. */
export const outputSymbols = {
  out: symbol("out", "cell"),
  target: symbol("target", "cell"),
  mask: symbol("mask", "cell"),
  n: symbol("n", "row"),
  scale: symbol("scale", "uniform"),
};

export interface Loss {
  readonly name: string;
  /** Whether a target may be a class index. */
  readonly classes: boolean;
  /** What the outputs are logits of: one distribution over classes, or each a yes or no. Absent: they are values. */
  readonly logits?: "classes" | "each";
  /** Run in this order; together they give `loss` (one value a row) and `back0` (dLoss / dOut, times scale). */
  readonly programs: readonly GridProgram[];
}

/** Whether nothing is measured and nothing goes back: of credit without a loss. */
export function isNone({ programs }: Loss): boolean {
  return programs.length === 0;
}

/** `value` of an output that takes part, else 0. Chosen and not multiplied: what takes no part may be infinite. */
export function masked(value: Expression): Expression {
  return outputSymbols.mask.greater(0).then(value, 0);
}

/** A loss from its value and derivative at one output; both are masked, the value is summed over outputs. */
export function pointwiseLoss(name: string, classes: boolean, value: Expression, derivative: Expression): Loss {
  const { scale } = outputSymbols;
  return {
    name,
    classes,
    programs: [
      {
        name,
        outputs: [
          { name: "loss", value: masked(value), reduce: "sum" },
          { name: "back0", value: masked(scale.mul(derivative)) },
        ],
      },
    ],
  };
}

/** A target: a class index (where the loss knows classes and there are several outputs), or one value an output. */
export type Target = number | Float32Array | readonly number[];

/** The outputs that take part: the same for all examples, or for each its own. Undefined: all. */
export type Taking = readonly number[] | readonly (readonly number[] | undefined)[];

/** The targets, mask and results of a loss on one network. */
export class LossCall {
  readonly loss: Loss;
  readonly #network: Network;
  readonly #compute: Compute;
  readonly #calls: GridCall[];
  #examples = 0;
  #stride = 0;
  #target = 0;
  #rows = { loss: 0, peak: 0, total: 0, mass: 0 };
  #mask = 0;
  /** From one example's mask to the next: 0 while they share one. */
  #maskStride = 0;
  /** How many outputs take part, example by example. */
  #n = 0;
  #taking: readonly number[] | undefined;
  #taken = false;
  /** The number of examples that `scale` was set for. */
  #scaled = 0;

  constructor(network: Network, loss: Loss) {
    this.loss = loss;
    this.#network = network;
    this.#compute = network.compute;
    this.#calls = loss.programs.map((program) => new GridCall(network.compute, program));
    this.point();
  }

  /** Makes room for as many examples as the outputs have room for, and points the programs at them: they may have moved. */
  point(): void {
    const { arena } = this.#compute;
    const { outputs } = this.#network;
    if (outputs.batch > this.#examples || outputs.stride !== this.#stride) {
      const rowBytes = outputs.batch * 4;
      const buffers = arena.allocateAll([
        outputs.batch * outputs.stride,
        outputs.batch * outputs.stride,
        rowBytes,
        rowBytes,
        rowBytes,
        rowBytes,
        rowBytes,
      ]);
      const [target, mask, n, loss, peak, total, mass] = buffers;
      for (const pointer of [this.#target, this.#mask, this.#n, ...Object.values(this.#rows)])
        if (pointer) arena.free(pointer);
      this.#examples = outputs.batch;
      this.#stride = outputs.stride;
      this.#target = target;
      this.#mask = mask;
      this.#n = n;
      this.#rows = { loss, peak, total, mass };
      this.#taken = false;
      this.#share(this.#taking);
    }
    const { loss, peak, total, mass } = this.#rows;
    for (const call of this.#calls) {
      call.point({
        out: { pointer: outputs.out, stride: outputs.outStride },
        target: { pointer: this.#target, stride: outputs.stride },
        back0: { pointer: outputs.back, stride: outputs.outStride },
        mask: { pointer: this.#mask, stride: this.#maskStride },
        n: { pointer: this.#n },
        loss: { pointer: loss },
        peak: { pointer: peak },
        total: { pointer: total },
        mass: { pointer: mass },
      });
      call.lanes(outputs.size);
    }
  }

  /** Lets only these outputs take part. They have been checked if each example has its own. */
  take(taking: Taking | undefined): void {
    if (!ownHeads(taking)) return this.#share(taking);
    const { f32 } = this.#compute.arena;
    const { stride } = this.#network.outputs;
    taking.forEach((outputs, row) => this.#write(row, outputs));
    for (let row = 0; row < taking.length; row++) f32[(this.#n >>> 2) + row] = this.#count(taking[row]);
    this.#taken = false;
    this.#maskEvery(stride);
  }

  #share(outputs: readonly number[] | undefined): void {
    if (this.#taken && sameOutputs(outputs, this.#taking)) return;
    this.#mustBeOutputs(outputs);
    // A copy: the caller may add to his list, as classes come.
    this.#taking = outputs && [...outputs];
    this.#write(0, outputs);
    const at = this.#n >>> 2;
    this.#compute.arena.f32.fill(this.#count(outputs), at, at + this.#examples);
    this.#taken = true;
    this.#maskEvery(0);
  }

  #write(row: number, outputs: readonly number[] | undefined): void {
    const { f32 } = this.#compute.arena;
    const at = (this.#mask + row * this.#network.outputs.stride) >>> 2;
    f32.fill(outputs ? 0 : 1, at, at + this.#network.outputs.size);
    for (const i of outputs ?? []) f32[at + i] = 1;
  }

  #maskEvery(stride: number): void {
    if (stride === this.#maskStride) return;
    this.#maskStride = stride;
    for (const call of this.#calls) call.point({ mask: { pointer: this.#mask, stride } });
  }

  #count(outputs: readonly number[] | undefined): number {
    return outputs?.length ?? this.#network.outputs.size;
  }

  #mustBeOutputs(outputs: readonly number[] | undefined): void {
    const { size } = this.#network.outputs;
    for (const i of outputs ?? []) {
      if (!Number.isInteger(i) || i < 0 || i >= size)
        throw new ValueError(`output ${i} is asked to take part: outputs are 0 to ${size - 1}`);
    }
    if (outputs && new Set(outputs).size !== outputs.length)
      throw new ValueError(`outputs ${outputs.join(", ")}: one is named twice`);
    if (outputs?.length === 0) throw new ValueError("no output takes part: at least one must");
  }

  /** Throws ShapeError or ValueError unless there are outputs for each of so many examples, or the same for all. */
  #checkTaking(taking: Taking | undefined, examples: number): void {
    if (!ownHeads(taking)) return;
    if (taking.length !== examples)
      throw new ShapeError(`outputs that take part for ${taking.length} examples: there are ${examples}`);
    let last: readonly number[] | undefined;
    for (const outputs of taking) if (outputs !== last) this.#mustBeOutputs((last = outputs));
  }

  /** Whether a target that is one number is a class. Of a single output it is that output's value. */
  get classes(): boolean {
    return this.loss.classes && this.#network.outputs.size > 1;
  }

  /** Throws ShapeError or ValueError if `y` cannot be a target; changes nothing. */
  check(y: Target | undefined, outputs: readonly number[] | undefined): void {
    const { size } = this.#network.outputs;
    this.#mustBeWanted(y);
    if (y === undefined) return;
    if (typeof y === "number" && this.classes) return this.#mustBeClass(y, outputs);
    if (typeof y === "number") {
      if (size !== 1) throw new ShapeError(`a target of one value for ${size} outputs`);
      if (!Number.isFinite(Math.fround(y)))
        throw new ValueError(`the target is ${y}: targets are finite float32 numbers`);
      return;
    }
    if (y.length !== size) throw new ShapeError(`a target of ${y.length} values for ${size} outputs`);
    this.#mustBeFinite(y, 0);
  }

  /** The same for a batch: `ys` holds a class an example, or one value an example and output. */
  checkBatch(ys: ArrayLike<number> | undefined, examples: number, taking: Taking | undefined): void {
    const { size } = this.#network.outputs;
    const classes = this.#areClasses(ys, examples);
    if (ys && !classes && ys.length !== examples * size) {
      throw new ShapeError(
        `${ys.length} targets for ${examples} examples: ${this.classes ? `${examples} classes, or ` : ""}${examples * size} values`,
      );
    }
    this.#checkTaking(taking, examples);
    this.#mustBeWanted(ys);
    if (!ys) return;
    const own = ownHeads(taking);
    for (let row = 0; row < examples; row++) {
      if (classes) this.#mustBeClass(ys[row], own ? taking[row] : taking);
      else this.#mustBeFinite(ys, row * size);
    }
  }

  #areClasses(ys: ArrayLike<number> | undefined, examples: number): boolean {
    return this.classes && ys?.length === examples;
  }

  /** There is a target where the loss needs one, and none where it does not. */
  #mustBeWanted(y: unknown): void {
    if (y === null) throw new ShapeError("the target is null: it is a class, or one value an output");
    const wanted = !isNone(this.loss);
    if (y === undefined && wanted) {
      const { size } = this.#network.outputs;
      throw new ShapeError(
        `no target, but ${this.loss.name} needs ${this.classes ? "a class, or " : ""}${size} values`,
      );
    }
    if (y !== undefined && !wanted)
      throw new ValueError("a target for credit that takes none: call observe with the input alone");
  }

  #mustBeClass(y: number, outputs: readonly number[] | undefined): void {
    const { size } = this.#network.outputs;
    if (!Number.isInteger(y) || y < 0 || y >= size)
      throw new ValueError(`label ${y} is out of range: classes are 0 to ${size - 1}`);
    if (outputs && !outputs.includes(y))
      throw new ValueError(`label ${y} is not among the outputs that take part: ${outputs.join(", ")}`);
  }

  /** One value an output, from `from` on. */
  #mustBeFinite(ys: ArrayLike<number>, from: number): void {
    const { size } = this.#network.outputs;
    for (let i = 0; i < size; i++) {
      if (!Number.isFinite(Math.fround(ys[from + i])))
        throw new ValueError(`target ${i} is ${ys[from + i]}: targets are finite float32 numbers`);
    }
  }

  /** Sets the target of example `row`, which has been checked. */
  aim(row: number, y: Target | undefined): void {
    if (y === undefined) return;
    const { f32 } = this.#compute.arena;
    const { size, capacity } = this.#network.outputs;
    const at = (this.#target >>> 2) + row * capacity;
    if (typeof y === "number" && this.classes) {
      f32.fill(0, at, at + size);
      f32[at + y] = 1;
    } else if (typeof y === "number") f32[at] = y;
    else f32.set(y, at);
  }

  /** The same for a batch. */
  aimBatch(ys: ArrayLike<number> | undefined, examples: number): void {
    if (!ys) return;
    const { f32 } = this.#compute.arena;
    const { size, capacity } = this.#network.outputs;
    const classes = this.#areClasses(ys, examples);
    let at = this.#target >>> 2;
    if (classes) f32.fill(0, at, at + examples * capacity);
    for (let row = 0; row < examples; row++, at += capacity) {
      if (classes) f32[at + ys[row]] = 1;
      else for (let i = 0; i < size; i++) f32[at + i] = ys[row * size + i];
    }
  }

  /** The mean loss of the first `examples` examples; their signals are then in the output population's `back`. */
  measure(examples: number): number {
    for (const call of this.#calls) {
      if (this.#scaled !== examples) call.set("scale", 1 / examples);
      call.run(0, examples);
    }
    this.#scaled = examples;
    const { f32 } = this.#compute.arena;
    const at = this.#rows.loss >>> 2;
    let sum = 0;
    for (let row = 0; row < examples; row++) sum += f32[at + row];
    return sum / examples;
  }

  /** The output with the largest value among those that take part, the first of equals. */
  winner(row: number): number {
    const { f32 } = this.#compute.arena;
    const { size, out, outStride } = this.#network.outputs;
    const at = (out + row * outStride) >>> 2;
    const mask = (this.#mask + row * this.#maskStride) >>> 2;
    let best = -1;
    for (let i = 0; i < size; i++) if (f32[mask + i] && (best < 0 || f32[at + i] > f32[at + best])) best = i;
    return best;
  }
}

/** Those of one example. Undefined: all. */
export function takingOf(taking: Taking | undefined, row: number): readonly number[] | undefined {
  return ownHeads(taking) ? taking[row] : taking;
}

/** Whether each example has outputs of its own, and not all the same. */
function ownHeads(taking: Taking | undefined): taking is readonly (readonly number[] | undefined)[] {
  return taking !== undefined && taking.length > 0 && typeof taking[0] !== "number";
}

function sameOutputs(a: readonly number[] | undefined, b: readonly number[] | undefined): boolean {
  if (a === undefined || b === undefined || a === b) return a === b;
  return a.length === b.length && a.every((output, i) => output === b[i]);
}

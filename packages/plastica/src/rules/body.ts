/**
 * One body of a grid kernel: the loop over rows and lanes for one set of outputs.
 *
 *     what depends on uniforms only                         once a call
 *     for each row: what depends on the row                 once a row, with where its noise begins
 *      for all its lanes, or each of its blocks
 *       for 32 or 16 lanes, then 4 lanes at a time          addresses advance once a turn; offsets within it are static
 *       the last 1 to 3 lanes                               stores and sums masked
 *       reductions to one value
 */
import type { Node } from "./expression.ts";
import type { Frame } from "./frame.ts";
import { argument, type GridOutput } from "./grid.ts";
import { bitsOf, operation } from "./operations.ts";
import { noiseStreams, windowOf } from "./random.ts";
import type { Instruction, Level } from "./schedule.ts";

const i32x4 = { splat: 0x11, add: 0xae } as const;
const bitwise = { and: 0x4e, select: 0x52, anyTrue: 0x53 } as const;
const reducer = { sum: operation.add.opcode, max: operation.max.opcode } as const;
const neutral = { sum: 0, max: bitsOf(-Infinity) } as const;

/** How many vectors one turn of each loop does: small bodies are unrolled, large ones would only fill the instruction cache. A block has four. */
function turnsFor(instructions: readonly Instruction[]): readonly number[] {
  const size = instructions.filter(({ level }) => level === "vector").length;
  return size <= 12 ? [8, 4, 1] : size <= 40 ? [4, 1] : [1];
}

export class Body {
  readonly #frame: Frame;
  readonly #outputs: readonly GridOutput[];
  readonly #instructions: readonly Instruction[];
  readonly #turns: readonly number[];
  readonly #byNode = new Map<Node, Instruction>();
  /** The local of each value that is kept. */
  readonly #values = new Map<Node, number>();
  /** The local of each reduction's four partial results. */
  readonly #sums = new Map<string, number>();
  readonly #streams: readonly number[];
  readonly #laneIndices: number | undefined;
  readonly #scratch: number;

  constructor(frame: Frame, outputs: readonly GridOutput[], instructions: readonly Instruction[]) {
    const { wasm } = frame;
    this.#frame = frame;
    this.#outputs = outputs;
    this.#instructions = instructions;
    this.#turns = turnsFor(instructions);
    this.#streams = noiseStreams(instructions.map(({ node }) => node));
    this.#laneIndices = instructions.some(({ node }) => node.op === "laneIndex") ? wasm.local("v128") : undefined;
    this.#scratch = wasm.local("v128");
    for (const instruction of instructions) {
      this.#byNode.set(instruction.node, instruction);
      if (instruction.kept) this.#values.set(instruction.node, wasm.local("v128"));
    }
    for (const { name, reduce } of outputs) if (reduce) this.#sums.set(name, wasm.local("v128"));
  }

  /** Pushes whether `condition`, which depends on uniforms only, holds. */
  pushTruth(condition: Node): void {
    this.#compute("call", 0);
    this.#push(condition, 0);
    this.#frame.wasm.simd(bitwise.anyTrue);
  }

  write(): void {
    this.#compute("call", 0);
    this.#frame.eachRow(() => this.#row());
  }

  #row(): void {
    const frame = this.#frame;
    const { wasm } = frame;
    for (const { name, reduce } of this.#outputs) {
      if (reduce) wasm.vector(four(neutral[reduce])).set(this.#sums.get(name) as number);
    }
    this.#compute("row", 0);
    for (const stream of this.#streams) {
      wasm.get(this.#values.get(windowOf(stream)) as number);
      frame.openWindow(stream);
    }
    frame.eachBlock(() => this.#lanes());
    for (const { name, reduce } of this.#outputs) if (reduce) this.#finish(name, reducer[reduce]);
  }

  /** All lanes of the row, or of a block of it. */
  #lanes(): void {
    const frame = this.#frame;
    const { wasm } = frame;
    if (this.#laneIndices !== undefined) {
      frame.pushLaneIndices();
      wasm.set(this.#laneIndices);
    }
    for (const count of this.#turns) frame.eachTurn(count, (offset) => this.#vector(offset));
    wasm.get(frame.rest).if(() => this.#vector(0, frame.tailMask));
  }

  /** Four lanes, `offset` bytes after where the slots' addresses stand; all values first, then the stores. */
  #vector(offset: number, mask?: number): void {
    const { wasm } = this.#frame;
    this.#compute("vector", offset);
    for (const { name, value, reduce } of this.#outputs) {
      if (reduce) {
        const sum = this.#sums.get(name) as number;
        wasm
          .get(sum)
          .get(this.#values.get(value) as number)
          .simd(reducer[reduce]);
        if (mask !== undefined) wasm.get(sum).get(mask).simd(bitwise.select);
        wasm.set(sum);
      } else {
        wasm.get(this.#frame.at.get(name) as number).get(this.#values.get(value) as number);
        if (mask !== undefined) wasm.get(mask).simd(bitwise.and);
        wasm.vectorStore(offset);
      }
    }
    if (this.#laneIndices !== undefined) {
      wasm.get(this.#laneIndices).vector(four(4)).simd(i32x4.add).set(this.#laneIndices);
    }
  }

  /** The four partial results of a reduction become one, in the row's place. */
  #finish(name: string, opcode: number): void {
    const { wasm } = this.#frame;
    const sum = this.#sums.get(name) as number;
    wasm.get(sum).shuffle(sum, [1, 0, 3, 2]).simd(opcode).set(this.#scratch);
    this.#frame.pushRowAddress(name);
    wasm.get(this.#scratch).shuffle(this.#scratch, [2, 3, 0, 1]).simd(opcode).firstLane().floatStore(0);
  }

  #compute(level: Level, offset: number): void {
    for (const instruction of this.#instructions) {
      if (instruction.level !== level || !instruction.kept) continue;
      this.#write(instruction, offset);
      this.#frame.wasm.set(this.#values.get(instruction.node) as number);
    }
  }

  #push(node: Node, offset: number): void {
    const known = this.#values.get(node);
    if (known !== undefined) this.#frame.wasm.get(known);
    else this.#write(this.#byNode.get(node) as Instruction, offset);
  }

  #write({ node, operands, opcode, shift }: Instruction, offset: number): void {
    if (operands.length === 0) this.#leaf(node, offset);
    for (const operand of operands) this.#push(operand, offset);
    if (shift !== undefined) this.#frame.wasm.int(shift);
    if (opcode !== 0) this.#frame.wasm.simd(opcode);
  }

  #leaf(node: Node, offset: number): void {
    const { wasm } = this.#frame;
    switch (node.op) {
      case "constant":
        wasm.vector(four(node.type === "float" ? bitsOf(node.value) : node.value));
        break;
      case "keyLow":
        wasm.get(this.#frame.args).splatLoad(argument.keyLow);
        break;
      case "keyHigh":
        wasm.get(this.#frame.args).splatLoad(argument.keyHigh);
        break;
      case "rowIndex":
        wasm.get(this.#frame.row).simd(i32x4.splat);
        break;
      case "laneIndex":
        wasm.get(this.#laneIndices as number);
        break;
      case "noise":
        this.#frame.pushNoise(node.value, offset);
        break;
      default:
        this.#symbol(node, offset);
    }
  }

  #symbol(node: Node, offset: number): void {
    const { wasm } = this.#frame;
    if (node.kind === "uniform") {
      const slot = this.#frame.slots.find(({ name }) => name === node.name);
      wasm.get(this.#frame.args).splatLoad(slot?.offset ?? 0);
    } else if (node.kind === "row") {
      this.#frame.pushRowAddress(node.name);
      wasm.splatLoad(0);
    } else {
      wasm.get(this.#frame.at.get(node.name) as number).vectorLoad(offset);
    }
  }
}

function four(i: number): readonly [number, number, number, number] {
  return [i, i, i, i];
}

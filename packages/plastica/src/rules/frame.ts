/**
 * What every body of a grid kernel stands on: the function's parameters, the addresses and strides of its slots, how many lanes there are,
 * and which row it is at. The addresses are locals; where the loop over lanes has come to is one local a slot, and one a stream of noise.
 */
import { POOL } from "../compute/noise-pool.ts";
import { Assembler } from "./assembler.ts";
import { argument, type GridSlot } from "./grid.ts";

/** Of a place in the pool, in bytes. */
const POOL_MASK = POOL * 4 - 4;

const i32x4 = { splat: 0x11, lessThan: 0x39, add: 0xae } as const;

export class Frame {
  readonly wasm = new Assembler(3);
  readonly slots: readonly GridSlot[];
  /** Parameters: the argument block, the row count so far, and where it ends. */
  readonly args = 0;
  readonly k = 1;
  readonly to = 2;
  readonly #inBlocks: boolean;
  /** Blocks: where a row's columns begin, the list of columns, and the bytes of one; the next in the list, and where the row's end. */
  readonly #blocks: number;
  readonly #columns: number;
  readonly #bytes: number;
  readonly #next: number;
  readonly #end: number;
  /** Bytes from the row's beginning: where a block begins, and where the loop over lanes stands. */
  readonly #first: number;
  readonly #stands: number;
  /** Whole vectors in a row, and the lanes that remain: of all, and of what is visited now. */
  readonly vectors: number;
  readonly #rest: number;
  readonly rest: number;
  /** The list of rows, and the row. */
  readonly rows: number;
  readonly row: number;
  /** Vectors left in the row. */
  readonly left: number;
  /** All ones in the lanes that remain. */
  readonly tailMask: number;
  /** Where a slot begins, where the loop over lanes has come to in it, and the bytes from row to row. */
  readonly base = new Map<string, number>();
  readonly at = new Map<string, number>();
  readonly stride = new Map<string, number>();
  /** The pool of normal draws, and for each stream the place in it, in bytes, to which the loop over lanes has come: yet to be masked. */
  readonly #pool: number | undefined;
  readonly #windows = new Map<number, number>();

  constructor(slots: readonly GridSlot[], streams: readonly number[], inBlocks: boolean) {
    this.slots = slots;
    this.#inBlocks = inBlocks;
    const { wasm } = this;
    [this.#blocks, this.#columns, this.#bytes, this.#next, this.#end, this.#first, this.#stands, this.#rest] =
      Array.from({ length: 8 }, () => wasm.local("i32"));
    this.vectors = wasm.local("i32");
    this.rest = wasm.local("i32");
    this.rows = wasm.local("i32");
    this.row = wasm.local("i32");
    this.left = wasm.local("i32");
    for (const { name, kind } of slots) {
      if (kind === "uniform") continue;
      this.base.set(name, wasm.local("i32"));
      if (kind !== "row") this.at.set(name, wasm.local("i32"));
      if (kind === "cell") this.stride.set(name, wasm.local("i32"));
    }
    if (streams.length > 0) this.#pool = wasm.local("i32");
    for (const stream of streams) this.#windows.set(stream, wasm.local("i32"));
    this.tailMask = wasm.local("v128");
  }

  /** Reads the argument block. */
  open(): void {
    const { wasm } = this;
    wasm.get(this.args).intLoad(argument.lanes).tee(this.left).int(2).intShiftRight().set(this.vectors);
    wasm.get(this.left).int(3).intAnd().tee(this.#rest).set(this.rest);
    wasm.get(this.args).intLoad(argument.rows).set(this.rows);
    if (this.#inBlocks) {
      wasm.get(this.args).intLoad(argument.blockStart).set(this.#blocks);
      wasm.get(this.args).intLoad(argument.blockColumns).set(this.#columns);
      wasm.get(this.args).intLoad(argument.blockBytes).set(this.#bytes);
    }
    if (this.#pool !== undefined) wasm.get(this.args).intLoad(argument.pool).set(this.#pool);
    for (const { name, offset } of this.slots) {
      const [base, stride] = [this.base.get(name), this.stride.get(name)];
      if (base !== undefined) wasm.get(this.args).intLoad(offset).set(base);
      if (stride !== undefined)
        wasm
          .get(this.args)
          .intLoad(offset + 4)
          .set(stride);
    }
    wasm.vector([0, 1, 2, 3]).get(this.rest).simd(i32x4.splat).simd(i32x4.lessThan).set(this.tailMask);
  }

  /** Runs `body` once for each row of [k, to), with the row's number and the addresses of its first lanes in place. */
  eachRow(body: () => void): void {
    const { wasm } = this;
    wasm.loop(() => {
      wasm.get(this.k).set(this.row);
      wasm.get(this.rows).if(() => {
        wasm.get(this.rows).get(this.k).int(2).intShiftLeft().intAdd().intLoad(0).set(this.row);
      });
      for (const [name, at] of this.at) {
        const stride = this.stride.get(name);
        wasm.get(this.base.get(name) as number);
        if (stride !== undefined) wasm.get(this.row).get(stride).intMul().intAdd();
        wasm.set(at);
      }
      body();
      wasm.get(this.k).int(1).intAdd().tee(this.k).get(this.to).intLess();
    });
  }

  /** Runs `body` for all lanes of the row, or for those of each of its blocks, with addresses and the numbers of vectors and lanes in place. */
  eachBlock(body: () => void): void {
    const { wasm } = this;
    const listed = (list: number, at: number, offset = 0): void =>
      void wasm.get(list).get(at).int(2).intShiftLeft().intAdd().intLoad(offset);
    wasm.get(this.vectors).set(this.left);
    if (!this.#inBlocks) return body();
    listed(this.#blocks, this.row);
    wasm.set(this.#next);
    listed(this.#blocks, this.row, 4);
    wasm.set(this.#end);
    wasm.int(0).set(this.#stands);
    wasm.get(this.#next).get(this.#end).intLess();
    wasm.if(() => {
      wasm.loop(() => {
        listed(this.#columns, this.#next);
        this.#openBlock();
        body();
        wasm.get(this.#next).int(1).intAdd().tee(this.#next).get(this.#end).intLess();
      });
    });
  }

  /** Of the column whose number is on the stack. */
  #openBlock(): void {
    const { wasm } = this;
    wasm.get(this.#bytes).intMul().set(this.#first);
    const ways = [...this.at.values(), ...this.#windows.values()];
    for (const at of ways) wasm.get(at).get(this.#first).intAdd().get(this.#stands).intSub().set(at);
    // All its vectors and no rest, or of the last column what there is.
    wasm.get(this.#bytes).int(4).intShiftRight().set(this.left);
    wasm.int(0).set(this.rest);
    wasm.get(this.vectors).get(this.#first).int(4).intShiftRight().intSub().tee(this.#stands).get(this.left).intLess();
    wasm.if(() => wasm.get(this.#stands).set(this.left).get(this.#rest).set(this.rest));
    wasm.get(this.#first).get(this.left).int(4).intShiftLeft().intAdd().set(this.#stands);
  }

  /** Runs `body` once for each `count` vectors while that many are left; it finds the vectors 16 bytes apart. */
  eachTurn(count: number, body: (offset: number) => void): void {
    const { wasm } = this;
    const more = (): void => void wasm.get(this.left).int(count).intAtLeast();
    more();
    wasm.if(() => {
      wasm.loop(() => {
        for (let i = 0; i < count; i++) body(16 * i);
        for (const at of [...this.at.values(), ...this.#windows.values()])
          wasm
            .get(at)
            .int(16 * count)
            .intAdd()
            .set(at);
        wasm.get(this.left).int(count).intSub().set(this.left);
        more();
      });
    });
  }

  /** Lets this row's noise of a stream begin at the place in the pool that the word on the stack, four times over, says. */
  openWindow(stream: number): void {
    this.wasm.firstInt().set(this.#windows.get(stream) as number);
  }

  /** Pushes the numbers of the first four lanes. */
  pushLaneIndices(): void {
    this.wasm.vector([0, 1, 2, 3]);
    if (this.#inBlocks) this.wasm.get(this.#first).int(2).intShiftRight().simd(i32x4.splat).simd(i32x4.add);
  }

  /** Pushes the next four draws of a stream, `offset` bytes after where the loop stands. */
  pushNoise(stream: number, offset: number): void {
    this.wasm
      .get(this.#windows.get(stream) as number)
      .int(offset)
      .intAdd()
      .int(POOL_MASK)
      .intAnd()
      .get(this.#pool as number)
      .intAdd()
      .looseVectorLoad();
  }

  /** Pushes the address of this row's value of a row slot. */
  pushRowAddress(name: string): void {
    this.wasm
      .get(this.base.get(name) as number)
      .get(this.row)
      .int(2)
      .intShiftLeft()
      .intAdd();
  }
}

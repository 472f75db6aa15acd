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
  /** Parameters: the argument block, the row count so far, and where it ends; of columns, while they are yet to be opened. */
  readonly args = 0;
  readonly k = 1;
  readonly to = 2;
  /** Columns of blocks: where their rows begin and end in the list, or 0; the bytes of one; which it is, of which; where its first lane lies. */
  readonly #starts: number;
  readonly #ends: number;
  readonly #bytes: number;
  readonly #column: number;
  readonly #columnTo: number;
  readonly #moved: number;
  /** All lanes; whole vectors in a row, and the lanes that remain. */
  readonly #lanes: number;
  readonly vectors: number;
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

  constructor(slots: readonly GridSlot[], streams: readonly number[]) {
    this.slots = slots;
    const { wasm } = this;
    const locals = Array.from({ length: 7 }, () => wasm.local("i32"));
    [this.#starts, this.#ends, this.#bytes, this.#column, this.#columnTo, this.#moved, this.#lanes] = locals;
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
    wasm.get(this.args).intLoad(argument.lanes).set(this.#lanes);
    wasm.get(this.args).intLoad(argument.rows).set(this.rows);
    wasm.get(this.args).intLoad(argument.columnStart).set(this.#starts);
    wasm.get(this.args).intLoad(argument.columnEnd).set(this.#ends);
    wasm.get(this.args).intLoad(argument.columnBytes).set(this.#bytes);
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
  }

  /** Runs `body` once for each row, with the row's number and the addresses of its first lanes in place: rows [k, to), or those of columns [k, to). */
  eachRow(body: () => void): void {
    const { wasm } = this;
    wasm.get(this.#starts).if(
      () => wasm.get(this.k).set(this.#column).get(this.to).set(this.#columnTo),
      () => this.#take(() => wasm.get(this.#lanes)),
    );
    wasm.loop(() => {
      wasm.get(this.#starts).if(() => this.#openColumn());
      wasm.get(this.k).get(this.to).intLess();
      wasm.if(() => this.#rowsInTurn(body));
      wasm.get(this.#column).int(1).intAdd().tee(this.#column).get(this.#columnTo).intLess();
    });
  }

  /** Rows and lanes of the next column; addresses move to its first lane. */
  #openColumn(): void {
    const { wasm } = this;
    const listed = (list: number): void =>
      void wasm.get(list).get(this.#column).int(2).intShiftLeft().intAdd().intLoad(0);
    listed(this.#starts);
    wasm.set(this.k);
    listed(this.#ends);
    wasm.set(this.to);
    const moved = this.left;
    wasm.get(this.#column).get(this.#bytes).intMul().get(this.#moved).intSub().set(moved);
    for (const name of this.at.keys()) {
      const base = this.base.get(name) as number;
      wasm.get(base).get(moved).intAdd().set(base);
    }
    wasm.get(this.#moved).get(moved).intAdd().set(this.#moved);
    // The last column may be narrower.
    wasm.get(this.#lanes).get(this.#moved).int(2).intShiftRight().intSub().set(this.row);
    wasm.get(this.#bytes).int(2).intShiftRight().tee(this.left).get(this.row).intLess();
    wasm.if(() => wasm.get(this.left).set(this.row));
    this.#take(() => wasm.get(this.row));
  }

  /** So many lanes there are in a row. */
  #take(pushLanes: () => void): void {
    const { wasm } = this;
    pushLanes();
    wasm.int(2).intShiftRight().set(this.vectors);
    pushLanes();
    wasm.int(3).intAnd().set(this.rest);
    wasm.vector([0, 1, 2, 3]).get(this.rest).simd(i32x4.splat).simd(i32x4.lessThan).set(this.tailMask);
  }

  #rowsInTurn(body: () => void): void {
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
    this.wasm
      .firstInt()
      .get(this.#moved)
      .intAdd()
      .set(this.#windows.get(stream) as number);
  }

  /** Pushes the numbers of the first four lanes. */
  pushLaneIndices(): void {
    this.wasm.vector([0, 1, 2, 3]).get(this.#moved).int(2).intShiftRight().simd(i32x4.splat).simd(i32x4.add);
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

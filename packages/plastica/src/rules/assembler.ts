/**
 * A writer of WebAssembly binaries, as small as the grid compiler needs: one function, one imported memory, one export.
 * Instructions are appended in order; nothing is checked here, the host's validator does that when the module is compiled.
 */

/** WebAssembly's value types. */
export const valueType = { i32: 0x7f, f32: 0x7d, v128: 0x7b } as const;

/** "\0asm", version 1. */
const preamble = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00] as const;

export class Assembler {
  readonly #code: number[] = [];
  readonly #locals: number[] = [];
  readonly #parameters: number;

  /** A function of `parameters` i32 values that returns nothing. */
  constructor(parameters: number) {
    this.#parameters = parameters;
  }

  /** Declares a local and returns its index. */
  local(type: keyof typeof valueType): number {
    this.#locals.push(valueType[type]);
    return this.#parameters + this.#locals.length - 1;
  }

  get(local: number): this {
    return this.#op(0x20, local);
  }
  set(local: number): this {
    return this.#op(0x21, local);
  }
  tee(local: number): this {
    return this.#op(0x22, local);
  }

  int(value: number): this {
    this.#code.push(0x41);
    signed(this.#code, value);
    return this;
  }
  intAdd(): this {
    return this.#op(0x6a);
  }
  intSub(): this {
    return this.#op(0x6b);
  }
  intMul(): this {
    return this.#op(0x6c);
  }
  intAnd(): this {
    return this.#op(0x71);
  }
  intShiftLeft(): this {
    return this.#op(0x74);
  }
  /** Shifts zeros in. */
  intShiftRight(): this {
    return this.#op(0x76);
  }
  /** Signed a < b. */
  intLess(): this {
    return this.#op(0x48);
  }
  /** Signed a >= b. */
  intAtLeast(): this {
    return this.#op(0x4e);
  }
  intLoad(offset: number): this {
    return this.#memory([0x28], 2, offset);
  }
  floatStore(offset: number): this {
    return this.#memory([0x38], 2, offset);
  }

  /** Runs `body` while the condition it leaves on the stack at its end holds. */
  loop(body: () => void): this {
    this.#op(0x03, 0x40);
    body();
    return this.#op(0x0d, 0).#op(0x0b);
  }
  /** Runs `body` if the condition on the stack holds, or else `otherwise`. */
  if(body: () => void, otherwise?: () => void): this {
    this.#op(0x04, 0x40);
    body();
    if (otherwise) {
      this.#op(0x05);
      otherwise();
    }
    return this.#op(0x0b);
  }

  /** A SIMD instruction without immediates. */
  simd(opcode: number): this {
    this.#code.push(0xfd);
    unsigned(this.#code, opcode);
    return this;
  }
  vectorLoad(offset: number): this {
    return this.#memory([0xfd, 0x00], 4, offset);
  }
  /** A vector from any multiple of 4 bytes. */
  looseVectorLoad(): this {
    return this.#memory([0xfd, 0x00], 2, 0);
  }
  vectorStore(offset: number): this {
    return this.#memory([0xfd, 0x0b], 4, offset);
  }
  /** Loads one 32-bit value into all four lanes. */
  splatLoad(offset: number): this {
    return this.#memory([0xfd, 0x09], 2, offset);
  }
  /** A vector of four int32. */
  vector(lanes: readonly [number, number, number, number]): this {
    this.#code.push(0xfd, 0x0c, ...new Uint8Array(Int32Array.from(lanes).buffer));
    return this;
  }
  /** The 32-bit lanes `order` of the vector on the stack. */
  shuffle(local: number, order: readonly [number, number, number, number]): this {
    this.get(local).get(local);
    this.#code.push(0xfd, 0x0d, ...order.flatMap((lane) => [4 * lane, 4 * lane + 1, 4 * lane + 2, 4 * lane + 3]));
    return this;
  }
  firstLane(): this {
    this.#code.push(0xfd, 0x1f, 0);
    return this;
  }
  firstInt(): this {
    this.#code.push(0xfd, 0x1b, 0);
    return this;
  }

  /** The module: imports env.memory and exports the function as `run`. */
  module(sharedMemory: boolean): Uint8Array<ArrayBuffer> {
    const parameters = Array.from({ length: this.#parameters }, () => valueType.i32);
    const locals = runsOf(this.#locals).flatMap(([type, count]) => [...leb(count), type]);
    const body = [...leb(runsOf(this.#locals).length), ...locals, ...this.#code, 0x0b];
    const limits = [sharedMemory ? 0x03 : 0x01, ...leb(1), ...leb(65536)];
    return Uint8Array.from([
      ...preamble,
      ...section(1, [1, 0x60, ...leb(parameters.length), ...parameters, 0]),
      ...section(2, [1, ...text("env"), ...text("memory"), 0x02, ...limits]),
      ...section(3, [1, 0]),
      ...section(7, [1, ...text("run"), 0x00, 0]),
      ...section(10, [1, ...leb(body.length), ...body]),
    ]);
  }

  #op(opcode: number, immediate?: number): this {
    this.#code.push(opcode);
    if (immediate !== undefined) unsigned(this.#code, immediate);
    return this;
  }

  #memory(opcode: readonly number[], align: number, offset: number): this {
    this.#code.push(...opcode, align);
    unsigned(this.#code, offset);
    return this;
  }
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...leb(content.length), ...content];
}

function text(s: string): number[] {
  return [...leb(s.length), ...Array.from(s, (letter) => letter.charCodeAt(0))];
}

function leb(value: number): number[] {
  const out: number[] = [];
  unsigned(out, value);
  return out;
}

function unsigned(out: number[], value: number): void {
  let rest = value >>> 0;
  while (rest >= 0x80) {
    out.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  out.push(rest);
}

function signed(out: number[], value: number): void {
  let rest = value | 0;
  while (rest < -64 || rest > 63) {
    out.push((rest & 0x7f) | 0x80);
    rest >>= 7;
  }
  out.push(rest & 0x7f);
}

function runsOf(types: readonly number[]): [type: number, count: number][] {
  const runs: [number, number][] = [];
  for (const type of types) {
    const last = runs[runs.length - 1];
    if (last?.[0] === type) last[1]++;
    else runs.push([type, 1]);
  }
  return runs;
}

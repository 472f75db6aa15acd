/** Values in a memory for tests of kernels, until they are given back all at once. */
import type { Arena } from "./arena.ts";
import { uniform } from "./random.ts";

/** Numbers of several sizes, a share of them 0. */
export function drawn(seed: number, n: number, silent = 0): Float32Array {
  return Float32Array.from({ length: n }, (_, i) =>
    uniform({ k0: seed, k1: 1 }, i) < silent ? 0 : (uniform({ k0: seed, k1: 0 }, i) - 0.5) * 2 ** (i % 5),
  );
}

export class Placed {
  readonly #arena: Arena;
  #used: number[] = [];

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  place(values: ArrayLike<number>, as: "f32" | "i32" = "f32"): number {
    const pointer = this.#arena.allocate(values.length * 4 + 16);
    this.#arena[as].set(values, pointer >> 2);
    this.#used.push(pointer);
    return pointer;
  }

  read(pointer: number, n: number): number[] {
    return [...this.#arena.f32.subarray(pointer >> 2, (pointer >> 2) + n)];
  }

  free(): void {
    for (const pointer of this.#used) this.#arena.free(pointer);
    this.#used = [];
  }
}

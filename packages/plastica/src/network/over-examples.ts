/** Sums over the examples of a batch: out[lane] = weight * the sum of cells[example][lane], in the order of the examples. */
import type { Compute } from "../compute/compute.ts";

export class OverExamples {
  examples = 0;
  readonly #compute: Compute;
  readonly #weight: (examples: number) => number;
  /** A list of one row that names every example: what `gather` walks. */
  #rowStart = 0;
  #index = 0;
  #value = 0;

  constructor(compute: Compute, weight: (examples: number) => number) {
    this.#compute = compute;
    this.#weight = weight;
  }

  /** Takes the number of examples from now on; 0 gives the room back. Says whether that is a change. */
  reserve(examples: number): boolean {
    if (examples === this.examples) return false;
    const { arena } = this.#compute;
    const room = examples > 0 ? arena.allocateAll([8, 4 * examples, 4 * examples]) : [0, 0, 0];
    for (const pointer of [this.#rowStart, this.#index, this.#value]) if (pointer) arena.free(pointer);
    [this.#rowStart, this.#index, this.#value] = room;
    this.examples = examples;
    if (examples === 0) return true;
    arena.i32[(this.#rowStart >>> 2) + 1] = examples;
    for (let i = 0; i < examples; i++) {
      arena.i32[(this.#index >>> 2) + i] = i;
      arena.f32[(this.#value >>> 2) + i] = this.#weight(examples);
    }
    return true;
  }

  /** `stride` bytes from one example's cells to the next one's; of the first `examples` only, if that is said. */
  sum(out: number, cells: number, stride: number, vectors: number, examples = this.examples): void {
    this.#compute.arena.i32[(this.#rowStart >>> 2) + 1] = examples;
    this.#compute.kernels.gather(
      ...[out, 0, 0, 0, cells, stride, this.#rowStart, this.#index, this.#value, 0, 1, 0, vectors, 0, 1],
    );
  }
}

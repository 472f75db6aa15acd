/**
 * What a rule computes once a neuron and not once a synapse (../rules/prelude.ts), for one set of synapses: two small programs
 * on one row each, whose outputs are arrays over lanes, or over rows, that the rule's own program reads.
 */
import type { Compute } from "../compute/compute.ts";
import { GridCall, type Place } from "../network/grid-call.ts";
import type { Population } from "../network/population.ts";
import type { Projection } from "../network/projection.ts";
import type { GridProgram } from "../rules/grid.ts";
import type { Prelude } from "../rules/prelude.ts";

export class SitePrelude {
  readonly #compute: Compute;
  readonly #pre: Population | undefined;
  readonly #planes: number;
  readonly #post: Population;
  readonly #prelude: Prelude;
  readonly #lanes: GridCall | undefined;
  readonly #rows: GridCall | undefined;
  #pointers: Record<string, number> = {};
  #places: Readonly<Record<string, Place>> = {};
  /** The example of a batch that the programs point at. */
  #row = 0;

  /** `projection` is undefined for a trained column of `post`, which has one row. */
  constructor(compute: Compute, prelude: Prelude, projection: Projection | undefined, post: Population) {
    this.#compute = compute;
    this.#pre = projection?.pre;
    this.#planes = projection?.columns.planes ?? 1;
    this.#post = post;
    this.#prelude = prelude;
    this.#lanes = prelude.lanes && new GridCall(compute, prelude.lanes);
    this.#rows = prelude.rows && new GridCall(compute, prelude.rows);
  }

  /** Binds to columns and buffers as they are now; returns where the outputs lie. */
  bind(places: Readonly<Record<string, Place>>, hyper: Readonly<Record<string, number>>): Record<string, Place> {
    const { arena } = this.#compute;
    const before = Object.values(this.#pointers);
    const rows = this.#pre ? this.#planes * this.#pre.capacity : 4;
    const room = (program: GridProgram | undefined, floats: number) =>
      (program?.outputs ?? []).map(({ name }) => [name, arena.allocate(floats * 4)] as const);
    this.#pointers = Object.fromEntries([
      ...room(this.#prelude.lanes, this.#post.capacity),
      ...room(this.#prelude.rows, rows),
    ]);
    for (const pointer of before) arena.free(pointer);
    this.#places = places;
    this.#row = 0;
    const outputs = Object.fromEntries(Object.entries(this.#pointers).map(([name, pointer]) => [name, { pointer }]));
    for (const call of [this.#lanes, this.#rows]) {
      call?.point(places).point(outputs);
      for (const [name, value] of Object.entries(hyper)) call?.set(name, value);
    }
    this.#lanes?.lanes(this.#post.size);
    this.#rows?.lanes(this.#pre ? this.#pre.size : 1);
    return outputs;
  }

  /** Changes a hyper-parameter. */
  set(name: string, value: number): void {
    this.#lanes?.set(name, value);
    this.#rows?.set(name, value);
  }

  /** Where the programs read the step. */
  get steps(): number[] {
    return [this.#lanes, this.#rows].flatMap((call) => call?.uniform("step") || []);
  }

  /** Computes the arrays, of example `row` of a batch where a rule reads activities. */
  run(row = 0): void {
    if (row !== this.#row) this.#turnTo(row);
    this.#lanes?.run(0, 1);
    if (this.#planes === 1) this.#rows?.run(0, 1);
    else this.#runPlanes(row);
  }

  #turnTo(row: number): void {
    this.#row = row;
    const { pre, post, signal } = this.#places;
    const places = {
      post: { pointer: post.pointer + row * this.#post.outStride },
      signal: { pointer: signal.pointer + row * this.#post.stride },
    };
    this.#lanes?.point(places);
    this.#rows?.point({ pre: { pointer: pre.pointer + (this.#pre ? row * this.#pre.outStride : 0) } });
  }

  #runPlanes(row: number): void {
    if (!this.#rows) return;
    const pre = this.#pre;
    for (let plane = 0; plane < this.#planes; plane++) {
      const offset = pre ? plane * pre.stride : 0;
      // All planes of a neuron are of its age; each has an activity of its own.
      this.#rows.point({ pre: { pointer: this.#places.pre.pointer + (pre ? row * pre.outStride : 0) + offset } });
      for (const [name, pointer] of Object.entries(this.#pointers))
        this.#rows.point({ [name]: { pointer: pointer + offset } });
      this.#rows.run(0, 1);
    }
  }
}

/**
 * A hint: a hidden layer of the student is drawn to one of the teacher, as the teacher's would be seen through a linear map W where sizes
 * differ,
 *
 *   H = 1/2 mean_j (r_j - u_j)^2,     r = W v,     dH / dv = W^T (r - u) / n
 *
 * v, u: what the n_s and n neurons of the two layers put out. The map is "learned" (W <- W - rate (r - u) v^T / (1 + |v|^2), example by
 * example, after all have been seen), or "fixed", as it is drawn: W_ji normal with variance 1 / n_s, addressed by the two neurons' ids.
 * Where the layers are of one size it may be "identity". The map is of neurons: it goes with them through birth and death.
 *
 * A. Romero et al.: FitNets, hints for thin deep nets, ICLR 2015 (arXiv 1412.6550). Their map is learned by the network's rule; here by
 * normalised least mean squares, which needs no step size to be found.
 */
import { derive, type Key, normal } from "../compute/random.ts";
import { readSafetensors, writeSafetensors } from "../compute/safetensors.ts";
import { ShapeError, SnapshotError } from "../errors.ts";
import type { Network } from "../network/network.ts";
import type { Population } from "../network/population.ts";
import type { Nested } from "../structure/policy.ts";

export const hintMaps = ["learned", "fixed", "identity"] as const;
export type HintMap = (typeof hintMaps)[number];

export interface HintOptions {
  /** The layers, by name. */
  readonly student: string;
  readonly teacher: string;
  readonly hintWeight: number;
  readonly map: HintMap;
  readonly mapRate: number;
}

export class Hint {
  readonly #network: Network;
  readonly #options: HintOptions;
  readonly #key: Key;
  /** What each of the student's outputs is worth to each of the teacher's, by neuron's id and plane. */
  readonly #map = new Map<string, Float64Array>();
  /** What the teacher's layer puts out, `[example][output]`, and how many outputs it has. */
  #wanted: Float32Array = new Float32Array(0);
  #outputs = 0;
  /** The map's rows in the order of the layer's outputs, as long as the same neurons live. */
  #ordered: { readonly when: string; readonly rows: Float64Array[] } | undefined;

  constructor(network: Network, options: HintOptions) {
    this.#network = network;
    this.#options = options;
    this.#key = network.keyOf("hint", options.student, options.teacher);
    const layer = network.population(options.student);
    if (layer === network.inputs || layer === network.outputs)
      throw new ShapeError(`a hint for ${options.student}: it is for a hidden layer`);
  }

  /** What the teacher's layer put out for these examples. Throws ShapeError where the map is the identity and sizes differ. */
  see(layer: Population, examples: number): void {
    this.#outputs = layer.values;
    this.#wanted = layer.outputs(examples);
    const { values, name } = this.#network.population(this.#options.student);
    if (this.#options.map === "identity" && values !== this.#outputs)
      throw new ShapeError(
        `a hint from ${layer.name}, of ${this.#outputs} outputs, to ${name}, of ${values}: the identity is a map between as many`,
      );
  }

  /** Adds hintWeight dH / dv to the `back` of the student's layer, and lets the map learn. */
  pull(layer: Population, examples: number): void {
    const { student, hintWeight, map, mapRate } = this.#options;
    if (layer.name !== student) return;
    const [n, seen] = [this.#outputs, layer.outputs(examples)];
    const width = layer.values;
    const rows = map === "identity" ? undefined : this.#rows(layer);
    const { f32 } = layer.compute.arena;
    const errors = new Float64Array(examples * n);
    for (let row = 0; row < examples; row++) {
      const error = errors.subarray(row * n, (row + 1) * n);
      for (let j = 0; j < n; j++) error[j] = -this.#wanted[row * n + j];
      for (let i = 0; i < width; i++) {
        const v = seen[row * width + i];
        if (v === 0) continue;
        if (rows) for (let j = 0; j < n; j++) error[j] += v * rows[i][j];
        else error[i] += v;
      }
      for (let i = 0; i < width; i++) {
        // No signal goes back through the silent where the model is gated, and what lies there is not of this step.
        if (layer.gated && seen[row * width + i] === 0) continue;
        let slope = 0;
        if (rows) for (let j = 0; j < n; j++) slope += rows[i][j] * error[j];
        else slope = error[i];
        const [plane, slot] = [Math.floor(i / layer.size), i % layer.size];
        const at = (layer.back >>> 2) + (row * layer.planes + plane) * layer.capacity + slot;
        f32[at] += (hintWeight * slope) / (n * examples);
      }
    }
    if (!rows || map === "fixed") return;
    for (let row = 0; row < examples; row++) {
      const v = seen.subarray(row * width, (row + 1) * width);
      const rate = mapRate / (1 + v.reduce((sum, value) => sum + value * value, 0));
      for (let i = 0; i < width; i++) {
        if (v[i] === 0) continue;
        for (let j = 0; j < n; j++) rows[i][j] = Math.fround(rows[i][j] - rate * v[i] * errors[row * n + j]);
      }
    }
  }

  /** Newborns' rows are drawn, those of the dead let go. */
  #rows({ neurons, planes, values }: Population): Float64Array[] {
    const { layout, nextId } = this.#network;
    const when = `${layout} ${nextId} ${this.#outputs}`;
    if (this.#ordered?.when === when) return this.#ordered.rows;
    const places = Array.from({ length: planes }, (_, plane) => neurons.map(({ id }) => ({ id, plane }))).flat();
    const scale = 1 / Math.sqrt(values);
    const rows = places.map(({ id, plane }) => {
      const name = `${id}/${plane}`;
      let row = this.#map.get(name);
      if (row?.length !== this.#outputs) {
        const key = derive(this.#key, id, plane);
        row = Float64Array.from({ length: this.#outputs }, (_, j) => Math.fround(scale * normal(key, j)));
        this.#map.set(name, row);
      }
      return row;
    });
    if (this.#map.size > places.length) {
      const living = new Set(places.map(({ id, plane }) => `${id}/${plane}`));
      for (const name of [...this.#map.keys()]) if (!living.has(name)) this.#map.delete(name);
    }
    this.#ordered = { when, rows };
    return rows;
  }

  nested(): Nested {
    if (this.#map.size === 0) return {};
    const names = [...this.#map.keys()].sort();
    const w = new Float32Array(names.length * this.#outputs);
    for (const [i, name] of names.entries()) w.set(this.#map.get(name)!, i * this.#outputs);
    const shape = [names.length, this.#outputs];
    return { map: writeSafetensors([{ name: "w", dtype: "F32", shape, data: w }], { neurons: names.join(" ") }) };
  }

  /** Throws SnapshotError for what it cannot have been. */
  load({ map }: Nested): void {
    const rows: [string, Float64Array][] = [];
    let outputs = 0;
    if (map) {
      const { metadata, tensors } = readSafetensors(map);
      const [w, names] = [tensors.get("w"), metadata.neurons?.split(" ") ?? []];
      if (w?.dtype !== "F32" || w.shape.length !== 2 || w.shape[0] !== names.length || !w.data.every(Number.isFinite))
        throw new SnapshotError("the snapshot's hint has no map of finite numbers for its neurons");
      outputs = w.shape[1];
      for (const [i, name] of names.entries())
        rows.push([name, Float64Array.from(w.data.subarray(i * outputs, (i + 1) * outputs))]);
    }
    this.#map.clear();
    this.#ordered = undefined;
    for (const [name, row] of rows) this.#map.set(name, row);
    this.#outputs = outputs;
  }
}

/**
 * Networks with maps once more, in float64 and in the plainest way: straight from the formulas, a batch at a time, since batches may be
 * normalised as one. What is computed with is given by name, so that tests can move it a little.
 */
import type { Network } from "./network.ts";
import { models } from "./network.twin.ts";
import type { Population } from "./population.ts";
import type { Projection } from "./projection.ts";

/** `<population>.<column>` and `<projection>.w`, packed. */
export type Values = Map<string, Float64Array>;

/** What the network computes with. */
export function valuesOf({ populations, projections }: Network): Values {
  const values: Values = new Map();
  for (const { name, columns } of projections) values.set(`${name}.w`, Float64Array.from(columns.packed("w")));
  for (const { name, columns } of populations)
    for (const column of ["bias", "gain", "shift", "running.mean", "running.var"])
      if (columns.has(column)) values.set(`${name}.${column}`, Float64Array.from(columns.packed(column)));
  return values;
}

/** The outputs of all populations, `[example][position][plane][channel]`. `learn`: batches are normalised by themselves. */
export function forwardMaps(
  network: Network,
  values: Values,
  xs: readonly (readonly number[])[],
  learn: boolean,
): Map<Population, number[][]> {
  const outputs = new Map<Population, number[][]>([[network.inputs, xs.map((x) => [...x])]]);
  for (const population of network.populations.slice(1)) {
    const { positions, size } = population;
    const bias = values.get(`${population.name}.bias`);
    const input = xs.map(() => Array.from({ length: positions * size }, (_, i) => bias?.[i % size] ?? 0));
    for (const projection of network.incoming(population)) {
      const w = values.get(`${projection.name}.w`)!;
      input.forEach((row, n) => {
        (projection.kernel ? convolved : dense)(projection, w, outputs.get(projection.pre)![n], row);
      });
    }
    const drive = normalised(population, values, input, learn && input.length * positions > 1);
    outputs.set(
      population,
      drive.map((row) => pooled(population, fired(population, row))),
    );
  }
  return outputs;
}

function dense({ post }: Projection, w: Float64Array, from: readonly number[], input: number[]): void {
  for (let o = 0; o < post.size; o++) for (const [i, x] of from.entries()) input[o] += x * w[i * post.size + o];
}

function convolved({ pre, post, kernel }: Projection, w: Float64Array, from: readonly number[], input: number[]): void {
  const cell = pre.model.planes * pre.size;
  const { size, stride, padding } = kernel!;
  for (let y = 0; y < post.map.height; y++)
    for (let x = 0; x < post.map.width; x++)
      for (let i = 0; i < size[0]; i++)
        for (let j = 0; j < size[1]; j++) {
          const [v, u] = [y * stride[0] + i - padding[0], x * stride[1] + j - padding[1]];
          if (v < 0 || u < 0 || v >= pre.outMap.height || u >= pre.outMap.width) continue;
          for (let c = 0; c < cell; c++)
            for (let o = 0; o < post.size; o++)
              input[(y * post.map.width + x) * post.size + o] +=
                from[(v * pre.outMap.width + u) * cell + c] * w[((i * size[1] + j) * cell + c) * post.size + o];
        }
}

function normalised({ norm, name, size }: Population, values: Values, input: number[][], own: boolean): number[][] {
  if (!norm) return input;
  const [gain, shift] = [values.get(`${name}.gain`)!, values.get(`${name}.shift`)!];
  const to = (row: readonly number[], mean: (i: number) => number, variance: (i: number) => number) =>
    row.map((x, i) => (gain[i % size] * (x - mean(i))) / Math.sqrt(variance(i) + 1e-5) + shift[i % size]);
  const moments = (all: readonly number[]) => {
    const mean = all.reduce((sum, x) => sum + x, 0) / all.length;
    return { mean, variance: all.reduce((sum, x) => sum + (x - mean) ** 2, 0) / all.length };
  };
  if (norm.kind === "layer")
    return input.map((row) => {
      const { mean, variance } = moments(row);
      return to(
        row,
        () => mean,
        () => variance,
      );
    });
  const channels = Array.from({ length: size }, (_, c) =>
    own
      ? moments(input.flatMap((row) => row.filter((_, i) => i % size === c)))
      : { mean: values.get(`${name}.running.mean`)![c], variance: values.get(`${name}.running.var`)![c] },
  );
  return input.map((row) =>
    to(
      row,
      (i) => channels[i % size].mean,
      (i) => channels[i % size].variance,
    ),
  );
}

function fired({ model, size }: Population, drive: readonly number[]): number[] {
  const out: number[] = [];
  for (let at = 0; at < drive.length; at += size) {
    const planes = drive.slice(at, at + size).map(models[model.name as keyof typeof models]);
    for (let plane = 0; plane < model.planes; plane++) out.push(...planes.map((values) => values[plane]));
  }
  return out;
}

function pooled({ pool, map, outMap, model, size }: Population, values: readonly number[]): number[] {
  if (!pool) return [...values];
  const cell = model.planes * size;
  const { size: window = [map.height, map.width], stride = window } = pool;
  const out: number[] = [];
  for (let y = 0; y < outMap.height; y++)
    for (let x = 0; x < outMap.width; x++)
      for (let c = 0; c < cell; c++) {
        const seen: number[] = [];
        for (let i = 0; i < window[0]; i++)
          for (let j = 0; j < window[1]; j++)
            seen.push(values[((y * stride[0] + i) * map.width + x * stride[1] + j) * cell + c]);
        out.push(pool.kind === "max" ? Math.max(...seen) : seen.reduce((sum, v) => sum + v, 0) / seen.length);
      }
  return out;
}

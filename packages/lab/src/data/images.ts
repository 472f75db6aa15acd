/**
 * A set of labelled images, kept by their lit pixels. An MNIST image is four fifths black, so the list of the pixels that
 * are not is smaller than the image and quicker to lay out anew under a permutation. The arrays lie in shared memory:
 * workers that learn from the same images hold them once.
 */
import { DataError } from "./errors.ts";
import type { Idx } from "./idx.ts";

/** Image `i` is the pixels `lit[first[i]]` up to `lit[first[i + 1]]` with the values `shade` of the same places. */
export interface ImageSet {
  readonly name: string;
  readonly count: number;
  /** Pixels of an image: rows x columns. */
  readonly pixels: number;
  readonly height: number;
  readonly width: number;
  readonly classes: number;
  readonly labels: Uint8Array;
  readonly first: Uint32Array;
  readonly lit: Uint16Array;
  /** 1 to 255; the value a network sees is `shade / 255`, rounded to float32. */
  readonly shade: Uint8Array;
}

/**
 * Joins an IDX file of images and one of labels.
 *
 * @throws DataError: other numbers of images and labels, more than 65536 pixels, or a label from `classes` up
 */
export function imageSet(name: string, images: Idx, labels: Idx, classes = 10): ImageSet {
  const [count, rows, columns] = images.dimensions;
  const pixels = rows * columns;
  if (labels.dimensions[0] !== count) {
    throw new DataError(`${name}: ${count} images but ${labels.dimensions[0]} labels, must be as many`);
  }
  if (pixels > 65536) throw new DataError(`${name}: ${rows} x ${columns} pixels, must be at most 65536 in all`);
  const stray = labels.values.findIndex((label) => label >= classes);
  if (stray >= 0) {
    throw new DataError(`${name}: label ${labels.values[stray]} of image ${stray}, must be below ${classes}`);
  }
  const total = litPixels(images.values);
  const set = {
    name,
    count,
    pixels,
    height: rows,
    width: columns,
    classes,
    labels: new Uint8Array(new SharedArrayBuffer(count)),
    first: new Uint32Array(new SharedArrayBuffer(4 * (count + 1))),
    lit: new Uint16Array(new SharedArrayBuffer(2 * total)),
    shade: new Uint8Array(new SharedArrayBuffer(total)),
  };
  set.labels.set(labels.values);
  const { values } = images;
  const { first, lit, shade } = set; // locals: the loop below runs 47 million times
  let at = 0;
  for (let i = 0; i < count; i++) {
    const from = i * pixels;
    for (let p = 0; p < pixels; p++) {
      const value = values[from + p];
      if (value === 0) continue;
      lit[at] = p;
      shade[at++] = value;
    }
    first[i + 1] = at;
  }
  return set;
}

/** With an index: `for (const value of values)` takes eight times as long. */
function litPixels(values: Uint8Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) total++;
  return total;
}

/** What the network sees of each shade: `shade / 255` in float32. */
export const brightness: Float32Array = Float32Array.from({ length: 256 }, (_, shade) => shade / 255);

/** Image `i` as the network sees it when nothing is permuted. */
export function imageOf(set: ImageSet, i: number): Float32Array {
  const x = new Float32Array(set.pixels);
  for (let k = set.first[i]; k < set.first[i + 1]; k++) x[set.lit[k]] = brightness[set.shade[k]];
  return x;
}

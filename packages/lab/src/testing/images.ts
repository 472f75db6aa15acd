/** Small sets of images, for tests: as a data set's files would give them. */
import { parseIdx } from "../data/idx.ts";
import { type ImageSet, imageSet } from "../data/images.ts";

/** The images, square, by their rows one after the other; one label each. */
export function imagesOf(
  name: string,
  images: readonly (readonly number[])[],
  labels: readonly number[],
  classes = 10,
): ImageSet {
  const side = Math.sqrt(images[0].length);
  return imageSet(
    name,
    parseIdx(idx([images.length, side, side], images.flat()), name, 3),
    parseIdx(idx([labels.length], labels), name, 1),
    classes,
  );
}

/**
 * `count` images of `side` x `side` pixels, a third of them black, each told from the rest by its sum; image `i` is of class
 * `i mod classes`.
 */
export function plainImages(count: number, side = 6, { classes = 10, name = "small", from = 0 } = {}): ImageSet {
  const pixels = side * side;
  const images = Array.from({ length: count }, (_, i) =>
    Array.from({ length: pixels }, (_, p) => (p % 3 === 0 ? 0 : from + i + p)),
  );
  return imagesOf(
    name,
    images,
    Array.from({ length: count }, (_, i) => i % classes),
    classes,
  );
}

/** What an image shows, wherever its pixels lie: them in order of brightness. */
export function shownBy(x: Float32Array): string {
  return [...x].sort((a, b) => a - b).join();
}

/** The bytes of an IDX file of unsigned bytes. */
export function idx(dimensions: readonly number[], values: readonly number[]): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * dimensions.length));
  header.setUint32(0, 0x0800 + dimensions.length);
  dimensions.forEach((size, i) => header.setUint32(4 + 4 * i, size));
  return Uint8Array.from([...new Uint8Array(header.buffer), ...values]);
}

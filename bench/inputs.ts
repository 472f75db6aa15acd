/**
 * What the benchmarks learn from: the first images of Fashion-MNIST where they are installed (Debian's
 * dataset-fashion-mnist), else of MNIST. Real images matter here, because cost follows activity: half of a Fashion-MNIST
 * image is black, four fifths of an MNIST image is.
 */
import { DataError, dataset, type ImageSet, imageOf } from "@plastica/lab";

/** Images as rows of 784 numbers from 0 to 1, and their classes. */
export interface Inputs {
  readonly name: string;
  readonly count: number;
  readonly x: Float32Array;
  readonly y: Int32Array;
}

function anyImages(): ImageSet {
  try {
    return dataset("fashion-mnist");
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return dataset("mnist");
  }
}

/** The first `count` training images. */
export function benchInputs(count = 10_000): Inputs {
  const images = anyImages();
  const x = new Float32Array(count * images.pixels);
  for (let i = 0; i < count; i++) x.set(imageOf(images, i), i * images.pixels);
  return { name: images.name, count, x, y: Int32Array.from(images.labels.subarray(0, count)) };
}

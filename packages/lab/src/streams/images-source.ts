/** Where a recipe's images come from: a data set by its name, or the user's own IDX files. */
import { ValueError } from "plastica";
import { z } from "zod";
import type { ImageSet } from "../data/images.ts";
import { type DatasetName, dataset, fashionFiles, imagesFrom } from "../data/mnist.ts";
import { shown } from "../options/checks.ts";
import { didYouMean } from "../options/nearest.ts";

/** Paths of IDX files, packed (`.gz`) or not: images and labels to learn from, and others to be tested with. */
export interface OwnImages {
  images: string;
  labels: string;
  testImages?: string;
  testLabels?: string;
  /** How many classes, 1 to 256. Default: the highest label to learn from, and one. */
  classes?: number;
}

export type ImageSource = DatasetName | OwnImages;

const names: readonly DatasetName[] = ["mnist", "fashion-mnist"];
const paths = ["images", "labels", "testImages", "testLabels"];

const source = z.custom<ImageSource>(isSource, {
  error: ({ input }) =>
    `is ${shown(input)}, must be one of ${names.join(", ")}, or an object of the paths images and labels (with tests, testImages and testLabels too; classes may be given)${
      typeof input === "string" ? didYouMean(input, names) : ""
    }`,
});

/** An image source, in a recipe. */
export const imageSource = source.meta({
  description: `one of ${names.join(", ")}, or an object of the paths of IDX files: ${paths.join(", ")}`,
  anyOf: [{ enum: names }, { type: "object", required: ["images", "labels"] }],
});

function isSource(value: unknown): boolean {
  if (typeof value === "string") return (names as readonly string[]).includes(value);
  if (value === null || typeof value !== "object") return false;
  const { classes = 1, ...files } = value as Record<string, unknown>;
  if (!Number.isSafeInteger(classes) || Number(classes) < 1 || Number(classes) > 256) return false;
  const given = Object.keys(files);
  if (!given.every((key) => paths.includes(key) && typeof files[key] === "string")) return false;
  return "images" in files && "labels" in files && "testImages" in files === "testLabels" in files;
}

/**
 * The images to learn from, and, if wanted, those to be tested with.
 *
 * @throws DataError when files are missing or damaged; ValueError when tests are wanted of own images that have none
 */
export function imagesOf(source: ImageSource, tested = false): { images: ImageSet; tests?: ImageSet } {
  if (typeof source === "string") {
    return { images: dataset(source), tests: tested ? dataset(source, "test") : undefined };
  }
  const { testImages, testLabels } = source;
  const images = imagesFrom({ images: source.images, labels: source.labels, classes: source.classes });
  if (!tested) return { images };
  if (testImages === undefined || testLabels === undefined) {
    throw new ValueError(
      "tests is true, but dataset names no testImages and testLabels: name them, or set tests to false",
    );
  }
  return { images, tests: imagesFrom({ images: testImages, labels: testLabels, classes: images.classes }) };
}

/** The user's own files among them: MNIST comes with a package, Fashion-MNIST lies wherever somebody has put it. */
export function imageFiles({ dataset: from }: { dataset: ImageSource }): string[] {
  if (typeof from === "string") return from === "fashion-mnist" ? fashionFiles() : [];
  return [from.images, from.labels, from.testImages, from.testLabels].filter((path) => path !== undefined);
}

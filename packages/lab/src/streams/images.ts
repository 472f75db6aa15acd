/**
 * How a network is shown an image: the range of its values, the black around it, and the place of each pixel. Images are kept
 * by their lit pixels (`data/images.ts`), so an item costs a blank image and one store for each of those.
 */
import { type ImageShape, ShapeError, ValueError } from "plastica";
import type { ImageSet } from "../data/images.ts";
import { fitting, whole } from "../options/checks.ts";
import { imageSource } from "./images-source.ts";

/**
 * The values that a network sees, of a pixel `p` between 0 (black) and 1, each step rounded to float32 as PyTorch does:
 *
 * - `"unit"`: `p`, 0 to 1;
 * - `"symmetric"`: `(p - 0.5) / 0.5`, -1 to 1, so that black is -1;
 * - `{ mean, sd }`: `(p - mean) / sd`; `sd` above 0.
 */
export type ValueRange = "unit" | "symmetric" | { readonly mean: number; readonly sd: number };

/** Options of every stream of images. */
export interface ImageOptions {
  /** Default "unit". */
  range?: ValueRange;
  /**
   * Rows and columns of black on each side: 2 makes 28 x 28 pixels 32 x 32. An integer from 0 to 100; images must be square.
   * Default 0.
   */
  pad?: number;
}

/** The same for a recipe, with the data set. */
export const imageShape = {
  dataset: imageSource.default("mnist"),
  range: fitting<ValueRange>('"unit", "symmetric" or an object of mean and sd (above 0)', isRange).default("unit"),
  pad: whole(0, 100).default(0),
};

/** True or false, in a recipe. */
export const flag = fitting<boolean>("true or false", (v) => typeof v === "boolean");

function isRange(value: unknown): boolean {
  if (value === "unit" || value === "symmetric") return true;
  if (value === null || typeof value !== "object" || Object.keys(value).sort().join() !== "mean,sd") return false;
  const { mean, sd } = value as { mean: unknown; sd: unknown };
  return Number.isFinite(mean) && Number.isFinite(sd) && Number(sd) > 0;
}

/** What the network sees of each shade, 0 (black) to 255. Throws ValueError for a range that is none. */
export function tonesOf(range: ValueRange = "unit"): Float32Array {
  if (!isRange(range)) {
    throw new ValueError(
      `range is ${JSON.stringify(range)}, must be "unit", "symmetric" or { mean, sd } with sd above 0`,
    );
  }
  const { mean, sd } =
    typeof range === "object" ? range : range === "unit" ? { mean: 0, sd: 1 } : { mean: 0.5, sd: 0.5 };
  const from = Math.fround(mean);
  const unit = Math.fround(sd);
  return Float32Array.from({ length: 256 }, (_, shade) => Math.fround(Math.fround(shade / 255) - from) / unit);
}

/** Where an image lies once there is black around it. */
export interface Frame {
  /** Pixels of the framed image. */
  readonly pixels: number;
  /** Its shape, for networks that look at images as such. */
  readonly image: ImageShape;
  /** Where each of the image's own pixels lies in it. */
  readonly place: Uint16Array;
}

/**
 * The frame of `pad` rows and columns on each side. Throws ShapeError where that is no number of rows, or the image no
 * square.
 */
export function framed(images: ImageSet, pad = 0): Frame {
  mustBeWhole("pad", pad, 0, 100);
  const { pixels, height, width } = images;
  if (pad === 0)
    return { pixels, image: { height, width, channels: 1 }, place: Uint16Array.from({ length: pixels }, (_, p) => p) };
  const side = sideOf(images);
  const wide = side + 2 * pad;
  if (wide > 256) throw new ShapeError(`pad is ${pad}, makes ${images.name} ${wide} pixels wide, must be at most 256`);
  const place = Uint16Array.from({ length: pixels }, (_, p) => (Math.floor(p / side) + pad) * wide + (p % side) + pad);
  return { pixels: wide * wide, image: { height: wide, width: wide, channels: 1 }, place };
}

/** The rows of a square image. Throws ShapeError for another. */
export function sideOf({ name, pixels }: Pick<ImageSet, "name" | "pixels">): number {
  const side = Math.round(Math.sqrt(pixels));
  if (side * side !== pixels) throw new ShapeError(`${name}: images of ${pixels} pixels, must be square`);
  return side;
}

/** Writes image `image` of `set` into `x`, all of it. */
export type Draw = (set: ImageSet, image: number, x: Float32Array) => void;

/** Draws each pixel where `place` says, on black. */
export function laidOut(place: Uint16Array, tones: Float32Array): Draw {
  const black = tones[0];
  return (set, image, x) => {
    x.fill(black);
    drawLit(set, place, tones, set.first[image], set.first[image + 1], x);
  };
}

/** A function of its own, so that everything it reads is a local and the loop is a handful of loads and one store. */
function drawLit(set: ImageSet, place: Uint16Array, tones: Float32Array, from: number, to: number, x: Float32Array) {
  const { lit, shade } = set;
  for (let k = from; k < to; k++) x[place[lit[k]]] = tones[shade[k]];
}

/** Throws ValueError unless `value` is an integer from `least` to `most`. */
export function mustBeWhole(what: string, value: number, least: number, most = Number.MAX_SAFE_INTEGER): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
  throw new ValueError(`${what} is ${value}, must be an integer ${range}`);
}

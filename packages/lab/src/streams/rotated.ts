/**
 * Rotated images: the same images in every task, each task at an angle of its own. Nothing says when a task ends.
 * Neighbouring angles have much in common, so that a network may gain from earlier tasks as well as forget them.
 *
 * Task `t` turns images counterclockwise, about their middle, by `degrees * uniform(key(seed, "angles"), t)` or, increasing,
 * by `degrees * t / tasks` (tasks that come back are counted once). A pixel of the turned image takes its value from where
 * its centre came from: there, the four nearest centres weighed bilinearly, or the nearest alone. What comes from outside is
 * black. The order of a task's images is that of `images-tasks.ts`.
 *
 * Lopez-Paz and Ranzato (2017), "Gradient episodic memory for continual learning", NeurIPS, arXiv 1706.08840. Buzzega,
 * Boschini, Porrello, Abati and Calderara (2020), "Dark experience for general continual learning", NeurIPS, arXiv
 * 2004.07211: 20 tasks at random angles; their code takes the nearest pixel (`interpolation: "nearest"`).
 */
import { cosTurns, key, sinTurns, uniform, ValueError } from "plastica";
import type { ImageSet } from "../data/images.ts";
import { fitting, oneOf, whole } from "../options/checks.ts";
import { fading, type Sequel, sequelShape } from "./fuzzy.ts";
import { type Draw, type Frame, flag, framed, type ImageOptions, imageShape, sideOf, tonesOf } from "./images.ts";
import { type Dealing, dealingShape } from "./images-epochs.ts";
import { imageFiles, imagesOf } from "./images-source.ts";
import { contentsOf, everyImage, imageTasks } from "./images-tasks.ts";
import { streamKind } from "./kind.ts";
import type { Stream } from "./stream.ts";

export interface RotatedOptions extends ImageOptions, Dealing, Sequel {
  /** Of the angles and orders: an integer from 0 to 2^53 - 1. */
  seed: number;
  /** How many tasks, from 1. */
  tasks: number;
  /** Drawn for each task, or evenly increasing from 0. Default "random". */
  angles?: "random" | "increasing";
  /** Where the angles end, above 0 and at most 360. Default 180. */
  degrees?: number;
  /** How values between pixels are had. Default "bilinear". */
  interpolation?: "bilinear" | "nearest";
  /** Images of each epoch, from 1 to all. Default: all. Fewer are a fresh random choice in each task. */
  examplesPerTask?: number;
  /** Held-out images: a test set at each angle. Default: none. */
  tests?: ImageSet;
}

/**
 * The rotated stream over `images`, which must be square. An item costs a blank image and four additions for each lit pixel:
 * about 2 microseconds for MNIST.
 *
 * @throws ValueError, ShapeError for an option outside its range
 */
export function rotated(images: ImageSet, options: RotatedOptions): Stream {
  const { seed, tasks, angles = "random", degrees = 180, interpolation = "bilinear", tests } = options;
  if (!isAngle(degrees)) throw new ValueError(`degrees is ${degrees}, must be above 0 and at most 360`);
  const contents = contentsOf(tasks, options.recurring);
  const frame = framed(images, options.pad);
  sideOf(images);
  const tones = tonesOf(options.range);
  const all = everyImage();
  const label = ({ labels }: ImageSet, image: number) => labels[image];

  function turnsOf(content: number): number {
    const share = angles === "random" ? uniform(key(seed, "angles"), content) : content / contents;
    return (share * degrees) / 360;
  }

  const stream = imageTasks({
    seed,
    images,
    tests,
    tasks,
    contents,
    inputs: frame.pixels,
    image: frame.image,
    outputs: images.classes,
    examplesPerTask: options.examplesPerTask,
    dealing: options,
    pool: (_, set) => all(set),
    view: (content) => ({ draw: turned(frame, turnsOf(content), interpolation === "nearest", tones), label }),
  });
  return fading(stream, options.boundary ?? 0, seed);
}

function isAngle(degrees: unknown): boolean {
  return typeof degrees === "number" && degrees > 0 && degrees <= 360;
}

/**
 * What each pixel of an image gives to the pixels of the turned one: pixel `p` gives `share[k]` to `to[k]`, `first[p] <= k <
 * first[p + 1]`.
 */
interface Shares {
  readonly first: Uint32Array;
  readonly to: Uint16Array;
  readonly share: Float32Array;
}

/** Draws images turned counterclockwise; `turns` is 1 for a full circle. */
function turned({ pixels, place }: Frame, turns: number, nearest: boolean, tones: Float32Array): Draw {
  const shares = sharesOf(Math.round(Math.sqrt(pixels)), turns, nearest);
  return (set, image, x) => {
    x.fill(tones[0]);
    give(set, set.first[image], set.first[image + 1], shares, place, tones, x);
  };
}

/** A function of its own, so that everything it reads is a local. */
function give(
  { lit, shade }: ImageSet,
  from: number,
  until: number,
  { first, to, share }: Shares,
  place: Uint16Array,
  tones: Float32Array,
  x: Float32Array,
): void {
  const black = tones[0];
  for (let i = from; i < until; i++) {
    const p = place[lit[i]];
    const light = tones[shade[i]] - black;
    const end = first[p + 1];
    for (let k = first[p]; k < end; k++) x[to[k]] += share[k] * light;
  }
}

function sharesOf(side: number, turns: number, nearest: boolean): Shares {
  const cos = cosTurns(turns);
  const sin = sinTurns(turns);
  const middle = (side - 1) / 2;
  const gifts: { to: number; share: number }[][] = Array.from({ length: side * side }, () => []);
  const from = (row: number, column: number, to: number, share: number) => {
    if (share > 0 && row >= 0 && row < side && column >= 0 && column < side)
      gifts[row * side + column].push({ to, share });
  };
  for (let to = 0; to < side * side; to++) {
    const down = Math.floor(to / side) - middle;
    const right = (to % side) - middle;
    // Rows are counted downwards, so that this undoes a counterclockwise turn.
    const row = middle + cos * down + sin * right;
    const column = middle + cos * right - sin * down;
    if (nearest) {
      from(Math.floor(row + 0.5), Math.floor(column + 0.5), to, 1);
      continue;
    }
    const above = Math.floor(row);
    const left = Math.floor(column);
    const low = row - above;
    const far = column - left;
    from(above, left, to, (1 - low) * (1 - far));
    from(above, left + 1, to, (1 - low) * far);
    from(above + 1, left, to, low * (1 - far));
    from(above + 1, left + 1, to, low * far);
  }
  const all = gifts.flat();
  const first = new Uint32Array(gifts.length + 1);
  gifts.forEach((given, p) => {
    first[p + 1] = first[p] + given.length;
  });
  return { first, to: Uint16Array.from(all, ({ to }) => to), share: Float32Array.from(all, ({ share }) => share) };
}

/** What a recipe calls `rotated`; `tests: true` tests with the data set's held-out images. */
export const rotatedKind = streamKind(
  "The same images in every task, each task at an angle of its own.",
  {
    ...imageShape,
    tasks: whole(1, 100_000),
    angles: oneOf("random", "increasing").default("random"),
    degrees: fitting<number>("a number above 0 and at most 360", isAngle).default(180),
    interpolation: oneOf("bilinear", "nearest").default("bilinear"),
    examplesPerTask: whole(1).optional(),
    ...dealingShape,
    tests: flag.default(false),
    ...sequelShape,
  },
  ({ dataset, tests: tested, ...options }, { seed, batch }) => {
    const { images, tests } = imagesOf(dataset, tested);
    return rotated(images, { ...options, seed, batch, tests });
  },
  imageFiles,
);

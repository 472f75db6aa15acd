/** One heartbeat of a life: the next item or batch is shown, predicted, learned from and counted. */
import { DivergenceError, type Learner } from "plastica";
import type { Stream } from "../streams/stream.ts";
import { type Counts, countPrediction, type Tally } from "./tally.ts";

/**
 * What learns from items `n` up to `n + size` in one update and counts them.
 *
 * @returns false when the loss is not finite: the network has diverged, and nothing was learned
 */
export type Beat = (learner: Learner, n: number, size: number, tally: Tally, counts?: Counts) => boolean;

/** Beats for a stream: an item at a time, or batches of up to `batch`. */
export function beats(stream: Stream, batch: number): Beat {
  return batch === 1 ? one(stream) : several(stream, batch);
}

function one(stream: Stream): Beat {
  const options: { outputs?: readonly number[] } = {};
  return (learner, n, _, tally, counts) => {
    const { x, y, outputs } = stream.at(n);
    options.outputs = outputs;
    const seen = unlessDiverged(() => learner.observe(x, y, options));
    if (seen === undefined) return false;
    tally.loss += seen.loss;
    if (typeof y !== "number") return true;
    if (seen.prediction === y) tally.correct++;
    if (counts !== undefined) countPrediction(counts, seen.outputs, 0, outputs, seen.prediction, y);
    return true;
  };
}

function several(stream: Stream, batch: number): Beat {
  const { inputs, outputs: width, target } = stream;
  const room = new Float32Array(batch * inputs);
  const classes = new Int32Array(batch);
  const values = new Float32Array(target === "class" ? 0 : batch * width);
  return (learner, n, size, tally, counts) => {
    const heads: (readonly number[] | undefined)[] = [];
    for (let i = 0; i < size; i++) {
      const { x, y, outputs } = stream.at(n + i);
      room.set(x, i * inputs);
      heads.push(outputs);
      if (typeof y === "number") classes[i] = y;
      else values.set(y, i * width);
    }
    const xs = size === batch ? room : room.subarray(0, size * inputs);
    const ys = target === "class" ? classes.subarray(0, size) : values.subarray(0, size * width);
    const seen = unlessDiverged(() => learner.observeBatch(xs, ys, { outputs: headsOf(heads) }));
    if (seen === undefined) return false;
    tally.loss += seen.loss * size;
    if (target !== "class") return true;
    for (let i = 0; i < size; i++) {
      const prediction = seen.predictions[i];
      if (prediction === classes[i]) tally.correct++;
      if (counts !== undefined) countPrediction(counts, seen.outputs, i * width, heads[i], prediction, classes[i]);
    }
    return true;
  };
}

/** One head for all where they share it, else each item's own. */
function headsOf(heads: readonly (readonly number[] | undefined)[]) {
  const [first] = heads;
  return heads.every((head) => head === first) ? first : heads;
}

function unlessDiverged<T>(learn: () => T): T | undefined {
  try {
    return learn();
  } catch (error) {
    if (error instanceof DivergenceError) return undefined;
    throw error;
  }
}

/** Examines a network on held-out items: it says what it sees and learns nothing. */
import type { Learner } from "plastica";
import type { Stream, Tests } from "../streams/stream.ts";
import { type Counts, countPrediction } from "./tally.ts";

/** Items that are shown at once. */
const BATCH = 250;

/**
 * On each test set, the share that was right; or the mean squared error where the target is values.
 *
 * @param counts where to count every prediction, if they are wanted
 */
export function examine(learner: Learner, stream: Stream, tests: Tests, counts?: Counts): number[] {
  return Array.from({ length: tests.sets }, (_, set) => examineOn(learner, stream, tests, set, counts));
}

function examineOn(learner: Learner, { inputs, outputs }: Stream, tests: Tests, set: number, counts?: Counts): number {
  const size = tests.size(set);
  const xs = new Float32Array(Math.min(BATCH, size) * inputs);
  let sum = 0;
  for (let from = 0; from < size; from += BATCH) {
    const n = Math.min(BATCH, size - from);
    const wanted: { y: number | Float32Array; head: readonly number[] | undefined }[] = [];
    for (let i = 0; i < n; i++) {
      const { x, y, outputs: head } = tests.at(set, from + i);
      xs.set(x, i * inputs);
      wanted.push({ y: typeof y === "number" ? y : y.slice(), head });
    }
    // A test set is of one task, as a rule: then the network may be told which.
    const head = wanted[0].head;
    const options = wanted.every((one) => String(one.head) === String(head)) ? { outputs: head } : {};
    const said = learner.predictBatch(n * inputs === xs.length ? xs : xs.subarray(0, n * inputs), n, options);
    for (const [i, { y, head }] of wanted.entries()) {
      const at = i * outputs;
      if (typeof y !== "number") {
        sum += squaredError(said, at, y);
        continue;
      }
      const prediction = largest(said, at, outputs, head);
      if (prediction === y) sum++;
      if (counts !== undefined) countPrediction(counts, said, at, head, prediction, y);
    }
  }
  return sum / size;
}

/** The output with the largest value among those that take part, the first of equals. */
export function largest(said: Float32Array, at: number, outputs: number, head?: readonly number[]): number {
  let best = -1;
  if (head === undefined) {
    for (let i = 0; i < outputs; i++) if (best < 0 || said[at + i] > said[at + best]) best = i;
  } else {
    for (const i of head) if (best < 0 || said[at + i] > said[at + best]) best = i;
  }
  return best;
}

function squaredError(said: Float32Array, at: number, y: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < y.length; i++) {
    const error = said[at + i] - y[i];
    sum += error * error;
  }
  return sum / y.length;
}

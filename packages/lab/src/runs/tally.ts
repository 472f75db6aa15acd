/** What is counted while a window runs. Plain data: it goes into snapshots. */
import { exponential } from "plastica";
import type { CalibrationBin, WindowRecord } from "./record.ts";

export interface Tally {
  correct: number;
  loss: number;
  dormant: number[];
  operations: number;
  births: number;
  deaths: number;
  /** Counted in the last window of a stream without tests. */
  counts?: Counts;
}

/** A confusion matrix and a calibration diagram in the making. */
export interface Counts {
  readonly classes: number;
  /** `confusion[true * classes + predicted]`. */
  readonly confusion: number[];
  /** For each tenth of confidence: predictions, their confidences' sum, and how many were right. */
  readonly bins: number[];
}

const BINS = 10;
/** With more classes a matrix is no longer something to look at. */
const MOST_CLASSES = 100;

export const newTally = (): Tally => ({ correct: 0, loss: 0, dormant: [], operations: 0, births: 0, deaths: 0 });

/** Undefined where there is nothing to count: the target is values, or there are more than a hundred classes. */
export function newCounts({ outputs, target }: { outputs: number; target: "class" | "values" }): Counts | undefined {
  if (target !== "class" || outputs > MOST_CLASSES) return undefined;
  return { classes: outputs, confusion: Array(outputs * outputs).fill(0), bins: Array(3 * BINS).fill(0) };
}

/**
 * Counts one prediction. Its confidence is the softmax of the outputs that take part, at the predicted one.
 *
 * @param outputs the network's, from `at` on
 */
export function countPrediction(
  { classes, confusion, bins }: Counts,
  outputs: Float32Array,
  at: number,
  head: readonly number[] | undefined,
  prediction: number,
  y: number,
): void {
  confusion[y * classes + prediction]++;
  const peak = outputs[at + prediction];
  let total = 0;
  if (head === undefined) for (let i = 0; i < classes; i++) total += exponential(outputs[at + i] - peak);
  else for (const i of head) total += exponential(outputs[at + i] - peak);
  const confidence = 1 / total;
  if (!(confidence <= 1)) return; // outputs that are no longer numbers have none
  const bin = 3 * Math.min(BINS - 1, Math.floor(confidence * BINS));
  bins[bin]++;
  bins[bin + 1] += confidence;
  if (prediction === y) bins[bin + 2]++;
}

/** The rows of the confusion matrix and the bins, as the log's last line has them. */
export function counted({ classes, confusion, bins }: Counts): {
  confusion: number[][];
  calibration: CalibrationBin[];
} {
  return {
    confusion: Array.from({ length: classes }, (_, y) => confusion.slice(y * classes, (y + 1) * classes)),
    calibration: Array.from({ length: BINS }, (_, bin) => {
      const [examples, confidence, right] = bins.slice(3 * bin, 3 * bin + 3);
      const of = Math.max(1, examples);
      return { examples, confidence: confidence / of, accuracy: right / of };
    }),
  };
}

/** The line of a window that has ended. */
export function recordOf(
  { correct, loss, dormant, operations, births, deaths }: Tally,
  ended: Pick<WindowRecord, "window" | "task" | "examples" | "parameters" | "bytes" | "tests">,
  classes: boolean,
): WindowRecord {
  const { window, task, examples, parameters, bytes, tests } = ended;
  return {
    window,
    task,
    examples,
    ...(classes ? { accuracy: correct / examples } : {}),
    loss: loss / examples,
    dormant,
    births,
    deaths,
    parameters,
    operations,
    bytes,
    ...(tests === undefined ? {} : { tests }),
  };
}

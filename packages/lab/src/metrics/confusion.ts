/**
 * What was taken for what. A confusion holds counts, `[true class][predicted class]`; all shares below are from 0 to 1, higher is
 * better, and undefined where they would be 0 / 0.
 */
import { ShapeError } from "plastica";

export type Confusion = readonly (readonly number[])[];

/** How one class fared. */
export interface ClassRecord {
  /** Examples of the class, and predictions of it. */
  readonly examples: number;
  readonly predictions: number;
  /** Share of the class's examples that were predicted as such: the accuracy of the class. */
  readonly recall?: number;
  /** Share of the predictions of the class that were right. */
  readonly precision?: number;
  /** Their harmonic mean, `2 right / (examples + predictions)`. van Rijsbergen 1979. */
  readonly f1?: number;
}

/** Each class, in order. Throws ShapeError unless the confusion is square. */
export function perClass(confusion: Confusion): ClassRecord[] {
  const { rows, columns } = sums(confusion);
  return rows.map((examples, c) => {
    const right = confusion[c][c];
    const predictions = columns[c];
    return {
      examples,
      predictions,
      ...(examples > 0 ? { recall: right / examples } : {}),
      ...(predictions > 0 ? { precision: right / predictions } : {}),
      ...(examples + predictions > 0 ? { f1: (2 * right) / (examples + predictions) } : {}),
    };
  });
}

/** Balanced accuracy: the mean recall of the classes that have examples, rare or not. Brodersen et al. 2010, doi:10.1109/ICPR.2010.764. */
export function balancedAccuracy(confusion: Confusion): number | undefined {
  const recalls = perClass(confusion).flatMap(({ recall }) => (recall === undefined ? [] : [recall]));
  return recalls.length === 0 ? undefined : recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length;
}

/**
 * Cohen's kappa, `(p_o - p_e) / (1 - p_e)`: the accuracy `p_o` beyond what predicting each class as often, but blindly, would have got
 * (`p_e = sum_c examples_c predictions_c / n^2`). 1 is perfect, 0 is no better than blind, and it can fall below: -1 at worst. Cohen 1960,
 * doi:10.1177/001316446002000104. Undefined for no example, and where all are of one class and predicted so.
 */
export function kappa(confusion: Confusion): number | undefined {
  const { rows, columns, total } = sums(confusion);
  const observed = confusion.reduce((sum, row, c) => sum + row[c], 0) / total;
  const expected = rows.reduce((sum, examples, c) => sum + (examples / total) * (columns[c] / total), 0);
  return total === 0 || expected === 1 ? undefined : (observed - expected) / (1 - expected);
}

function sums(confusion: Confusion): { rows: number[]; columns: number[]; total: number } {
  const classes = confusion.length;
  const ragged = confusion.findIndex(({ length }) => length !== classes);
  if (classes === 0 || ragged >= 0) {
    const seen = classes === 0 ? "no row" : `${confusion[ragged].length} columns in row ${ragged}`;
    throw new ShapeError(`confusion: ${seen}, must be square: one row and one column a class`);
  }
  const rows = confusion.map((row) => row.reduce((sum, n) => sum + n, 0));
  const columns = confusion.map((_, c) => confusion.reduce((sum, row) => sum + row[c], 0));
  return { rows, columns, total: rows.reduce((sum, n) => sum + n, 0) };
}

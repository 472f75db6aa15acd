/**
 * Rows that are learned from and rows that are held out for tests, told apart without a list of them. Of each thousand rows in a row
 * a share is held out, which ones the seed says: those at the first places of `permutation(key(seed, "held out", b), 1000)` for the
 * `b`-th thousand. So the two are alike all along a stream, however it drifts, and the shares are exact.
 */
import { key, permutation, ValueError } from "plastica";

export interface Division {
  /** How many rows are learned from, and how many are held out. */
  readonly learned: number;
  readonly held: number;
  /** The row that is the `n`-th of those learned from, in the table's own order. */
  learnedRow(n: number): number;
  heldRow(i: number): number;
}

const RUN = 1000;
/** Thousands whose division is remembered: some 4 MB. */
const REMEMBERED = 1000;

/**
 * Divides `rows` rows.
 *
 * @param share of those held out, from 0 to 0.9
 * @throws ValueError for another share, or one that leaves no row on either side
 */
export function divide(rows: number, share: number, seed: number): Division {
  if (!(share >= 0 && share <= 0.9)) throw new ValueError(`tests is ${share}, must be a share from 0 to 0.9`);
  const whole = Math.floor(rows / RUN);
  const left = rows - whole * RUN;
  const heldEach = Math.round(RUN * share);
  const held = whole * heldEach + Math.round(left * share);
  if (share === 0) return { learned: rows, held: 0, learnedRow: (n) => n, heldRow: (i) => i };
  if (held === 0 || held === rows) {
    throw new ValueError(`tests is ${share}, which of ${rows} rows holds out ${held}; must leave some on both sides`);
  }
  const known = new Map<number, readonly [learned: Uint32Array, held: Uint32Array]>();

  function divided(run: number): readonly [learned: Uint32Array, held: Uint32Array] {
    const found = known.get(run);
    if (found !== undefined) return found;
    const size = Math.min(RUN, rows - run * RUN);
    const order = permutation(key(seed, "held out", run), size);
    const count = Math.round(size * share);
    const parts = [order.slice(count).sort(), order.slice(0, count).sort()] as const;
    if (known.size >= REMEMBERED) known.clear();
    known.set(run, parts);
    return parts;
  }

  /** Row `n` of one side, of which each full thousand has `each`. */
  function rowOf(n: number, each: number, side: 0 | 1): number {
    const run = each === 0 ? whole : Math.min(whole, Math.floor(n / each));
    return run * RUN + divided(run)[side][n - run * each];
  }

  return {
    learned: rows - held,
    held,
    learnedRow: (n) => rowOf(n, RUN - heldEach, 0),
    heldRow: (i) => rowOf(i, heldEach, 1),
  };
}

/** Chooses what goes and what grows: the lowest or highest scores, over several groups at once or in each by itself. */

/** Things of one kind that may be chosen: the synapses of a projection, the neurons of a population. */
export interface Group<T> {
  readonly of: T;
  readonly scores: ArrayLike<number>;
  /** Those that may be chosen, as indices of `scores`, in ascending order. */
  readonly candidates: ArrayLike<number>;
}

/** For each group the `count` lowest candidates of all together, in ascending order; of equals, those that come first. */
export function lowest<T>(groups: readonly Group<T>[], count: number): Map<T, number[]> {
  return chosen(groups, count, 1);
}

/** For each group the `count` highest candidates of all together, in ascending order; of equals, those that come first. */
export function highest<T>(groups: readonly Group<T>[], count: number): Map<T, number[]> {
  return chosen(groups, count, -1);
}

/** The lowest of the scores times `sign`. */
function chosen<T>(groups: readonly Group<T>[], count: number, sign: 1 | -1): Map<T, number[]> {
  const all = new Float64Array(groups.reduce((sum, { candidates }) => sum + candidates.length, 0));
  let at = 0;
  for (const { scores, candidates } of groups)
    for (let i = 0; i < candidates.length; i++) all[at++] = sign * scores[candidates[i]];
  const taken = Math.min(count, all.length);
  const found = new Map(groups.map(({ of }): [T, number[]] => [of, []]));
  if (taken <= 0) return found;
  const { limit, below } = ranked(all, taken - 1);
  let equals = taken - below;
  for (const { of, scores, candidates } of groups) {
    const list = found.get(of)!;
    for (let i = 0; i < candidates.length; i++) {
      const score = sign * scores[candidates[i]];
      if (score < limit || (score === limit && equals-- > 0)) list.push(candidates[i]);
    }
  }
  return found;
}

/**
 * The value that `rank` values come before, if all were sorted, and how many are below it: by parting the values again and again around one of
 * them, so that most are looked at a few times only. The values change places.
 */
function ranked(values: Float64Array, rank: number): { limit: number; below: number } {
  let [from, to] = [0, values.length];
  for (;;) {
    const limit = middle(values[from], values[(from + to) >>> 1], values[to - 1]);
    // Those below lie in [from, below), those above in [above, to).
    let [below, i, above] = [from, from, to];
    while (i < above) {
      const value = values[i];
      if (value < limit) {
        values[i++] = values[below];
        values[below++] = value;
      } else if (value > limit) {
        values[i] = values[--above];
        values[above] = value;
      } else i++;
    }
    if (rank < below) to = below;
    else if (rank >= above) from = above;
    else return { limit, below };
  }
}

function middle(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

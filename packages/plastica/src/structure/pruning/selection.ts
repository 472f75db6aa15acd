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
  const all = new Float64Array(groups.reduce((sum, { candidates }) => sum + candidates.length, 0));
  let at = 0;
  for (const { scores, candidates } of groups)
    for (let i = 0; i < candidates.length; i++) all[at++] = scores[candidates[i]];
  const taken = Math.min(count, all.length);
  const chosen = new Map(groups.map(({ of }): [T, number[]] => [of, []]));
  if (taken <= 0) return chosen;
  const limit = all.sort()[taken - 1];
  let equals = taken - all.indexOf(limit);
  for (const { of, scores, candidates } of groups) {
    const list = chosen.get(of)!;
    for (let i = 0; i < candidates.length; i++) {
      const score = scores[candidates[i]];
      if (score < limit || (score === limit && equals-- > 0)) list.push(candidates[i]);
    }
  }
  return chosen;
}

/** For each group the `count` highest candidates of all together, in ascending order; of equals, those that come first. */
export function highest<T>(groups: readonly Group<T>[], count: number): Map<T, number[]> {
  const upsideDown = (group: Group<T>) => ({ ...group, scores: Float64Array.from(group.scores, (score) => -score) });
  return lowest(groups.map(upsideDown), count);
}

/**
 * The word somebody meant: the candidate at the smallest edit distance (insertions, deletions, replacements and swaps of
 * neighbours; Damerau 1964), case and hyphens aside. None when even the nearest differs in more than half its letters.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const meant = plain(word);
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const target = plain(candidate);
    const distance = editDistance(meant, target);
    if (distance < least && distance <= Math.max(meant.length, target.length) / 2) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

/** `, did you mean "lr"?`, or nothing when no candidate is near. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const guess = nearest(word, candidates);
  return guess === undefined ? "" : `, did you mean "${guess}"?`;
}

function plain(word: string): string {
  return word.toLowerCase().replace(/[-_ ]/g, "");
}

function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, rows[i - 2][j - 2] + 1);
      row.push(cost);
    }
    rows.push(row);
  }
  return rows[a.length][b.length];
}

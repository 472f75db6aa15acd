/** Progress bars and sparklines out of characters. */

const BLOCKS = "▁▂▃▄▅▆▇█";

/** A bar of `cells` characters, filled up to `share` (0 to 1). */
export function bar(share: number, cells: number): { done: string; left: string } {
  const filled = Math.max(0, Math.min(cells, Math.round(share * cells)));
  return { done: "━".repeat(filled), left: "─".repeat(cells - filled) };
}

/**
 * The values as a row of blocks at most `cells` wide: where there are more, each block is the mean of its neighbours.
 *
 * @param low the value of the lowest block
 * @param high the value of the highest; it must be greater
 */
export function sparkline(values: readonly number[], cells: number, low: number, high: number): string {
  const n = Math.min(values.length, cells);
  return Array.from({ length: n }, (_, i) => {
    const part = values.slice(Math.floor((i * values.length) / n), Math.floor(((i + 1) * values.length) / n));
    const mean = part.reduce((sum, value) => sum + value, 0) / part.length;
    const level = Math.round(((mean - low) / (high - low)) * (BLOCKS.length - 1));
    return BLOCKS[Math.max(0, Math.min(BLOCKS.length - 1, level))];
  }).join("");
}

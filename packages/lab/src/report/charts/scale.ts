/** Axes as numbers: where they begin and end, and the round values that are written beside them. */

export interface Scale {
  readonly ticks: readonly number[];
  /** Where a value lies, 0 at the beginning of the axis and 1 at its end. */
  at(value: number): number;
}

export interface ScaleOptions {
  /** Keep 0 on the axis: for amounts. */
  readonly fromZero?: boolean;
  /** The axis never goes beyond this. */
  readonly most?: number;
  /** The smallest span of the axis, so that noise alone does not fill it. */
  readonly span?: number;
  /** About how many ticks. Default 6. */
  readonly about?: number;
}

/** A linear scale that holds all values, from a round number to a round number. Values that are not finite have no say. */
export function linear(values: readonly number[], options: ScaleOptions = {}): Scale {
  const { most = Number.POSITIVE_INFINITY, about = 6 } = options;
  const [from, to] = widened(extent(values), options);
  const step = roundStep((to - from) / (about - 1));
  const first = Math.floor(from / step + 1e-9);
  const last = Math.min(Math.ceil(to / step - 1e-9), Math.round(Math.min(most / step, Number.MAX_SAFE_INTEGER)));
  // Rounded to the step's own decimals: 3 * 0.1 is not 0.3, and a tick is written as it is.
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toFixed(decimals)));
  const [low, high] = [first * step, last * step];
  return { ticks, at: (value) => (value - low) / (high - low) };
}

/** A logarithmic scale for positive values over several powers of ten. Ticks are powers of ten; of few powers, 2 and 5 times them too. */
export function logarithmic(values: readonly number[], { about = 6 }: ScaleOptions = {}): Scale {
  const [low, high] = extent(values.filter((value) => value > 0));
  const [from, to] = [Math.floor(Math.log10(low) + 1e-9), Math.ceil(Math.log10(high) - 1e-9)];
  const powers = Math.max(1, to - from);
  const every = Math.ceil(powers / about);
  const ticks: number[] = [];
  for (let power = from; power <= from + powers; power += every) {
    for (const n of powers <= 2 ? [1, 2, 5] : [1]) {
      if (n === 1 || power < from + powers) ticks.push(Number(`${n}e${power}`));
    }
  }
  return { ticks, at: (value) => (Math.log10(Math.max(value, 10 ** from)) - from) / powers };
}

/** Whether values are all above 0 and so far apart that a linear axis would show the large ones alone. */
export function needsLogarithm(values: readonly number[]): boolean {
  const finite = values.filter(Number.isFinite);
  return finite.length > 0 && Math.min(...finite) > 0 && Math.max(...finite) / Math.min(...finite) > 50;
}

/** The least and the greatest finite value; 0 and 1 where there is none. */
export function extent(values: readonly number[]): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 1];
}

function widened([low, high]: [number, number], { fromZero = false, most, span = 0 }: ScaleOptions): [number, number] {
  const from = fromZero ? Math.min(0, low) : low;
  const least = Math.max(span, Math.abs(high) * 1e-3) || 1;
  if (high - from >= least) return [from, high];
  if (fromZero) return [0, least];
  const to = Math.min((low + high) / 2 + least / 2, most ?? Number.POSITIVE_INFINITY);
  return [to - least, to];
}

/** The least of 1, 2, 5 times a power of ten that is at least `step`. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  return [1, 2, 5, 10].map((n) => n * power).find((n) => n >= step * 0.999) ?? 10 * power;
}

/** The numbers from 1 to `n` that are written under an axis of tasks: about `about` of them, the first among them. */
export function countingTicks(n: number, about: number): number[] {
  if (n <= about) return Array.from({ length: n }, (_, i) => i + 1);
  const step = Math.max(1, roundStep(n / about));
  const ticks = [1];
  for (let tick = step; tick <= n; tick += step) if (tick > 1 + step / 3) ticks.push(tick);
  return ticks;
}

/**
 * How much time a sweep has left, judged by what it has measured: whole lives of jobs of like cost where some are finished, else
 * how fast those of the kind that run now get on. A kind that nobody has lived yet counts as the mean of the others.
 */

/** A job that is being lived in this process. */
export interface Running {
  /** What decides its cost: jobs of one kind take about as long. */
  readonly kind: string;
  /** The share of its life, 0 to 1, that was lived when this process took it up. */
  readonly from: number;
  readonly share: number;
  /** How long this process has been at it. */
  readonly seconds: number;
}

export interface Ahead {
  readonly running: readonly Running[];
  /** The kinds of jobs that other processes live. */
  readonly elsewhere: readonly string[];
  /** The kinds of jobs that wait, in their order. */
  readonly waiting: readonly string[];
  /** How many jobs this process lives at a time. */
  readonly seats: number;
}

/** Less of a life than this says nothing of its speed: it holds the beginning, which is slow. */
const TELLING = 0.02;

export class Pace {
  readonly #finished = new Map<string, { lives: number; seconds: number }>();

  /** A whole life of that kind took so many seconds. */
  finished(kind: string, seconds: number): void {
    const known = this.#finished.get(kind) ?? { lives: 0, seconds: 0 };
    this.#finished.set(kind, { lives: known.lives + 1, seconds: known.seconds + seconds });
  }

  /** Seconds until all is done, each seat taking the next job when it is free; undefined while nothing has been measured. */
  secondsLeft({ running, elsewhere, waiting, seats }: Ahead): number | undefined {
    const whole = this.#wholeLives(running);
    if (whole.size === 0) return undefined;
    const lengths = [...whole.values()];
    const usual = lengths.reduce((sum, seconds) => sum + seconds, 0) / lengths.length;
    const lifeOf = (kind: string) => whole.get(kind) ?? usual;
    const here = running.map((one) => (1 - one.share) * (speedOf(one) ?? lifeOf(one.kind)));
    // How far the others are nobody knows here: half, on the average.
    const free = [...here, ...elsewhere.map((kind) => lifeOf(kind) / 2)];
    while (free.length < seats + elsewhere.length) free.push(0);
    for (const kind of waiting) {
      const first = free.indexOf(Math.min(...free));
      free[first] += lifeOf(kind);
    }
    return Math.max(0, ...free);
  }

  /** Seconds of a whole life, by kind. */
  #wholeLives(running: readonly Running[]): Map<string, number> {
    const sums = new Map(this.#finished);
    for (const one of running) {
      const seconds = speedOf(one);
      if (seconds === undefined || this.#finished.has(one.kind)) continue;
      const known = sums.get(one.kind) ?? { lives: 0, seconds: 0 };
      sums.set(one.kind, { lives: known.lives + 1, seconds: known.seconds + seconds });
    }
    return new Map([...sums].map(([kind, { lives, seconds }]) => [kind, seconds / lives]));
  }
}

/** Seconds that a whole life would take as this one goes; undefined while too little of it has been lived. */
function speedOf({ from, share, seconds }: Running): number | undefined {
  return share - from < TELLING ? undefined : seconds / (share - from);
}

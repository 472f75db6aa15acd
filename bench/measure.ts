/**
 * How time is taken. The machines this runs on are shared and noisy, and noise only ever adds: so a run is cut into
 * pieces, the median piece stands for the run, and the best of several runs stands for the code. Things that are compared
 * take turns, so that a slow minute hits them alike.
 */

/** Something to time: `prepare` makes a fresh start, and what it returns does step `i`. */
export interface Subject {
  readonly steps: number;
  prepare(): { step(i: number): void; close(): void };
}

const PIECES = 10;

/** Milliseconds since some moment. */
export type Clock = () => number;

const wall: Clock = () => performance.now();

/** Milliseconds that this process has been at work, with all its threads: what a busy machine disturbs less. */
export const processor: Clock = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Seconds a step of one fresh run: the median of ten pieces, after `20` steps that are not counted. */
export function secondsPerStep(subject: Subject, clock: Clock = wall): number {
  const run = subject.prepare();
  let i = 0;
  while (i < 20) run.step(i++);
  const pieces: number[] = [];
  const length = Math.max(1, Math.floor(subject.steps / PIECES));
  for (let piece = 0; piece < PIECES; piece++) {
    const start = clock();
    for (let n = 0; n < length; n++) run.step(i++);
    pieces.push((clock() - start) / 1000 / length);
  }
  run.close();
  return median(pieces);
}

/** Runs a subject, uncounted, until the JavaScript around the kernels has been optimised. */
export function warmUp(subject: Subject, seconds = 0.7): void {
  const end = performance.now() + seconds * 1000;
  const run = subject.prepare();
  for (let i = 0; performance.now() < end; i++) run.step(i);
  run.close();
}

/** The best of `rounds` runs of each subject, in turns; seconds a step, in the order given. */
export function best(subjects: readonly Subject[], rounds: number): number[] {
  for (const subject of subjects) warmUp(subject);
  const least = subjects.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < rounds; round++) {
    for (const [s, subject] of subjects.entries()) least[s] = Math.min(least[s], secondsPerStep(subject));
  }
  return least;
}

/** The median over `rounds` of `b`'s time divided by `a`'s, each round taking both, in alternating order. */
export function ratio(a: Subject, b: Subject, rounds: number, clock: Clock = wall): number {
  warmUp(a);
  warmUp(b);
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) {
      const first = secondsPerStep(a, clock);
      ratios.push(secondsPerStep(b, clock) / first);
    } else {
      const first = secondsPerStep(b, clock);
      ratios.push(first / secondsPerStep(a, clock));
    }
  }
  return median(ratios);
}

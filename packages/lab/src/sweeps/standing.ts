/** How a sweep stands, for a screen: what is done, what runs and how far it is, and how long the rest will take. */
import { canonical } from "../recipe/canonical.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { Pace } from "./pace.ts";
import type { Entry, Job, Result } from "./queue.ts";

/** How a job was finished: by an earlier sweep, by this process, or by another one meanwhile. */
export type By = "before" | "here" | "elsewhere";

/** What became of a job: its result and whose it is, or why there is none. */
export type Settled = { readonly result: Result; readonly by: By } | { readonly error: string };

export interface SweepView {
  readonly jobs: number;
  readonly done: number;
  readonly failed: number;
  /** Those that this process lives, in the order in which it took them up. */
  readonly running: readonly { readonly job: Job; readonly position: number; readonly examples: number }[];
  /** How many other processes live. */
  readonly elsewhere: number;
  /** Absent while nothing has been measured. */
  readonly secondsLeft?: number;
}

/** A life here, from the first that was heard of it: what came before, such as the reading of files, says nothing of its speed. */
interface Life {
  readonly since: number;
  readonly from: number;
  readonly position: number;
  readonly examples: number;
}

export class Standing {
  readonly #jobs: ReadonlyMap<string, Job>;
  readonly #kinds: ReadonlyMap<string, string>;
  readonly #seats: number;
  readonly #pace = new Pace();
  readonly #running = new Map<string, Life>();
  readonly #settled = new Map<string, Settled>();
  #leased: readonly string[] = [];

  /** Of jobs with their recipes, by key, when `seats` of them are lived at a time. */
  constructor(jobs: ReadonlyMap<string, { job: Job; recipe: Recipe }>, seats: number) {
    this.#jobs = new Map([...jobs].map(([key, { job }]) => [key, job]));
    // Recipes that differ in nothing but the seed cost alike.
    this.#kinds = new Map([...jobs].map(([key, { recipe }]) => [key, canonical({ ...recipe, seed: 0 })]));
    this.#seats = seats;
  }

  /** This process has taken up a job. */
  begin(key: string): void {
    this.#running.set(key, { since: performance.now(), from: 0, position: 0, examples: 0 });
  }

  progress(key: string, position: number, examples: number): void {
    const life = this.#running.get(key);
    if (life === undefined) return;
    const begun = life.examples === 0 ? { since: performance.now(), from: position } : life;
    this.#running.set(key, { ...begun, position, examples });
  }

  /** This process lives that job no longer. */
  end(key: string): void {
    this.#running.delete(key);
  }

  /** What became of a job, where that is known. */
  settledOf(key: string): Settled | undefined {
    return this.#settled.get(key);
  }

  /** What became of a job that this process had, or of which it has heard. */
  settle(key: string, settled: Settled): void {
    this.#settled.set(key, settled);
    if ("result" in settled) this.#pace.finished(this.#kinds.get(key) ?? "", settled.result.seconds);
  }

  /** Whether it is known of every job what became of it. Once it is, it stays so: then this sweep is over. */
  get over(): boolean {
    return this.#settled.size === this.#jobs.size;
  }

  /** What the queue says of all jobs. One that failed may be open again, where another process tries it once more. */
  look(entries: readonly Entry[]): void {
    this.#leased = entries.filter(({ state }) => state === "leased").map(({ key }) => key);
    if (this.over) return;
    for (const { key, state } of entries) if (state === "waiting" || state === "leased") this.#settled.delete(key);
  }

  view(): SweepView {
    const running = [...this.#running].map(([key, { position, examples }]) => ({
      job: this.#jobs.get(key) as Job,
      ...{ position, examples },
    }));
    const settled = [...this.#settled.values()];
    const done = settled.filter((one) => "result" in one).length;
    const elsewhere = this.#leased.filter((key) => !this.#running.has(key) && !this.#settled.has(key));
    const secondsLeft = this.#secondsLeft(elsewhere);
    return {
      ...{ jobs: this.#jobs.size, done, failed: settled.length - done, running, elsewhere: elsewhere.length },
      ...(secondsLeft === undefined ? {} : { secondsLeft }),
    };
  }

  #secondsLeft(elsewhere: readonly string[]): number | undefined {
    const now = performance.now();
    const kindOf = (key: string) => this.#kinds.get(key) ?? "";
    const running = [...this.#running].map(([key, { since, from, position, examples }]) => ({
      kind: kindOf(key),
      from: from / Math.max(1, examples),
      share: position / Math.max(1, examples),
      seconds: (now - since) / 1000,
    }));
    const taken = new Set([...this.#running.keys(), ...this.#settled.keys(), ...elsewhere]);
    const waiting = [...this.#jobs.keys()].filter((key) => !taken.has(key)).map(kindOf);
    return this.#pace.secondsLeft({ running, elsewhere: elsewhere.map(kindOf), waiting, seats: this.#seats });
  }
}

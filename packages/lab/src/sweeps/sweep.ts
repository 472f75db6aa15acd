/**
 * A sweep: many runs under one folder, lived by a thread a core, and by as many processes as are started on the folder. Which jobs
 * there are and who has them stands in `queue.sqlite` beside the run folders (queue.ts). Killed at any moment, it goes on where it
 * was when it is started again; what is finished is not lived a second time.
 *
 * The threads only live. The queue, the leases' renewals and the folders' locks are the process's own thread's, which is never busy.
 */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { ValueError } from "plastica";
import type { Recipe } from "../recipe/recipe.ts";
import { makeFolder } from "../runs/files.ts";
import { thisProcess } from "./holder.ts";
import { jobOf, queuePath, resultIn } from "./job.ts";
import { occupy } from "./occupy.ts";
import { type Claim, type Entry, type Job, openQueue, type Queue, type Result } from "./queue.ts";
import type { Told } from "./serve.ts";
import { type By, type Settled, Standing, type SweepView } from "./standing.ts";
import { Thread } from "./thread.ts";

export interface SweepOptions {
  /** The folder of the run folders; made where it is not there. */
  readonly root: string;
  /** Jobs at a time. Default: as many as there are cores. */
  readonly threads?: number;
  /** When it aborts, every life writes a snapshot and stops, and its job waits for whoever goes on. */
  readonly signal?: AbortSignal;
  /** Milliseconds after which a job of a process that no longer says anything is taken over. Default 30,000. */
  readonly leaseMs?: number;
  /** What a thread runs: a module that calls `serve`. Default: worker.ts. */
  readonly program?: URL;
}

/** Who is told what, as it happens. */
export interface SweepAudience {
  started?(job: Job): void;
  /** So many of its examples have been seen. */
  progress?(job: Job, position: number, examples: number): void;
  finished?(job: Job, result: Result, by: By): void;
  failed?(job: Job, error: string): void;
  /** It could not be taken up now, and is tried again later. */
  putBack?(job: Job, why: string): void;
  said?(job: Job, message: string): void;
  /** How all of it stands, four times a second and at the end. */
  view?(view: SweepView): void;
}

export interface SweptJob {
  readonly job: Job;
  /** What it came to, or why it failed; absent where the sweep was stopped before. */
  readonly settled?: Settled;
}

export interface SweepResult {
  readonly outcome: "complete" | "stopped";
  /** One for each recipe, in their order. */
  readonly jobs: readonly SweptJob[];
}

/** Milliseconds between two looks at what others have done, and before a job is asked for again when there was none. */
const LOOK = 250;

/** Milliseconds before a run that another process writes is tried again. */
const LATER = 1000;

/**
 * Lives each recipe to its end. A job that failed in an earlier sweep is tried again; one that fails now is told, and the others
 * go on.
 *
 * @returns when all are done or have failed, here or in another process, or when the signal came first
 * @throws RunError when the queue cannot be used, or no thread be started; what was running has then written a snapshot.
 *   ValueError when `threads` is no integer from 1, DataError when a file that a recipe learns from cannot be read: then nothing is lived
 */
export async function sweep(
  recipes: readonly Recipe[],
  options: SweepOptions,
  audience: SweepAudience = {},
): Promise<SweepResult> {
  return new Sweep(recipes, options, audience).go();
}

class Sweep {
  readonly #options: Required<Omit<SweepOptions, "signal">>;
  readonly #signal: AbortSignal | undefined;
  readonly #audience: SweepAudience;
  readonly #order: readonly string[];
  readonly #jobs: ReadonlyMap<string, { job: Job; recipe: Recipe }>;
  readonly #keys: readonly string[];
  readonly #seats: number;
  readonly #standing: Standing;
  readonly #queue: Queue;
  readonly #me = thisProcess();
  /** What stops each life that is running here. */
  readonly #stops = new Set<Int32Array>();
  readonly #halt = new AbortController();
  #fault: { readonly error: unknown } | undefined;

  constructor(recipes: readonly Recipe[], { signal, ...options }: SweepOptions, audience: SweepAudience) {
    const worker = new URL("./worker.ts", import.meta.url);
    const { root, threads = availableParallelism(), leaseMs = 30_000, program = worker } = options;
    this.#options = { root, threads, leaseMs, program };
    if (!Number.isInteger(threads) || threads < 1) {
      throw new ValueError(`threads is ${threads}, must be an integer from 1`);
    }
    this.#signal = signal;
    this.#audience = audience;
    const all = recipes.map((recipe, rank) => ({ job: jobOf(recipe, rank), recipe }));
    this.#order = all.map(({ job }) => job.key);
    this.#jobs = new Map(all.reverse().map((one) => [one.job.key, one])); // of two alike, the first counts
    this.#keys = [...new Set(this.#order)];
    this.#seats = Math.min(threads, this.#keys.length);
    this.#standing = new Standing(this.#jobs, this.#seats);
    makeFolder(root);
    this.#queue = openQueue(queuePath(root));
  }

  async go(): Promise<SweepResult> {
    const stop = () => this.#stop();
    this.#signal?.addEventListener("abort", stop);
    if (this.#signal?.aborted) stop();
    const ticker = setInterval(() => this.#look("elsewhere"), LOOK);
    try {
      this.#try(() => this.#enter());
      this.#look("before");
      await Promise.all(Array.from({ length: this.#seats }, () => this.#seat()));
      this.#look("elsewhere");
    } finally {
      clearInterval(ticker);
      this.#signal?.removeEventListener("abort", stop);
      this.#queue.close();
    }
    if (this.#fault !== undefined) throw this.#fault.error;
    const jobs = this.#order.map((key): SweptJob => {
      const settled = this.#standing.settledOf(key);
      return { job: this.#jobOf(key), ...(settled === undefined ? {} : { settled }) };
    });
    return { outcome: jobs.every(({ settled }) => settled !== undefined) ? "complete" : "stopped", jobs };
  }

  #enter(): void {
    const jobs = this.#keys.map((key) => this.#jobOf(key));
    this.#queue.add(jobs, ({ key, folder }) => resultIn(join(this.#options.root, folder), this.#recipeOf(key)));
    this.#queue.retry(this.#keys);
  }

  /** Takes one job after the other until none is left, and keeps its thread awake meanwhile. */
  async #seat(): Promise<void> {
    let thread: Thread | undefined;
    try {
      while (!this.#halt.signal.aborted && !this.#standing.over) {
        const claim = this.#queue.claim(this.#me, this.#options.leaseMs, this.#keys);
        if (claim === undefined) {
          this.#see("elsewhere");
          if (this.#standing.over) return;
          await after(LOOK, undefined, { signal: this.#halt.signal }).catch(() => {});
          continue;
        }
        if (thread?.alive !== true) thread = await this.#start(claim);
        await this.#work(claim, thread);
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      await thread?.close();
    }
  }

  /** A thread that cannot be started is no failure of the job, which others may live: it is thrown. */
  async #start({ job: { key }, token }: Claim): Promise<Thread> {
    try {
      return await Thread.start(this.#options.program);
    } catch (error) {
      this.#queue.release(key, token);
      throw error;
    }
  }

  /** What goes wrong with the job is the job's failure; what goes wrong with the queue is thrown. */
  async #work({ job: { key }, token }: Claim, thread: Thread): Promise<void> {
    const job = this.#jobOf(key);
    const end = await this.#live(job, token, thread);
    if (end.kind === "inUse") {
      if (this.#queue.release(key, token, end.why, LATER)) this.#audience.putBack?.(job, end.why);
    } else if (end.kind === "stopped") this.#queue.release(key, token);
    else if (end.kind === "failed") {
      if (this.#queue.fail(key, token, end.error)) this.#settle(job, { error: end.error });
    } else if (this.#queue.complete(key, token, end.result)) this.#settle(job, { result: end.result, by: "here" });
  }

  async #live(job: Job, token: number, thread: Thread): Promise<End> {
    const { root, leaseMs } = this.#options;
    const recipe = this.#recipeOf(job.key);
    const stop = new Int32Array(new SharedArrayBuffer(4));
    let beat: NodeJS.Timeout | undefined;
    let leave: (() => void) | undefined;
    try {
      const place = occupy(root, recipe);
      if ("inUse" in place) return { kind: "inUse", why: place.inUse };
      leave = place.leave;
      this.#stops.add(stop);
      if (this.#halt.signal.aborted) Atomics.store(stop, 0, 1); // while the thread was starting
      this.#standing.begin(job.key);
      this.#try(() => this.#audience.started?.(job));
      // A renewal that is refused says that another has the job by now: this life must end before that one begins.
      const renewed = () => this.#queue.renew(job.key, token, leaseMs);
      beat = setInterval(() => this.#try(() => renewed() || Atomics.store(stop, 0, 1)), leaseMs / 3);
      const result = await thread.live({ folder: place.folder, recipe, stop }, this.#toldOf(job));
      return result === undefined ? { kind: "stopped" } : { kind: "lived", result };
    } catch (error) {
      return { kind: "failed", error: error instanceof Error ? error.message : String(error) };
    } finally {
      clearInterval(beat);
      this.#stops.delete(stop);
      this.#standing.end(job.key);
      leave?.();
    }
  }

  #toldOf(job: Job): Told {
    return {
      progress: (position, examples) => {
        this.#standing.progress(job.key, position, examples);
        this.#try(() => this.#audience.progress?.(job, position, examples));
      },
      said: (message) => this.#try(() => this.#audience.said?.(job, message)),
    };
  }

  /** Sees what has been settled by others, and shows how all stands. */
  #look(by: By): void {
    this.#try(() => {
      this.#see(by);
      this.#audience.view?.(this.#standing.view());
    });
  }

  #see(by: By): void {
    const entries = this.#queue.entries(this.#keys);
    this.#standing.look(entries);
    for (const entry of entries) {
      const settled = settledIn(entry, by);
      if (settled !== undefined) this.#settle(this.#jobOf(entry.key), settled);
    }
  }

  #settle(job: Job, settled: Settled): void {
    const known = this.#standing.settledOf(job.key);
    if (known !== undefined && "result" in known === "result" in settled) return;
    this.#standing.settle(job.key, settled);
    if ("result" in settled) this.#audience.finished?.(job, settled.result, settled.by);
    else this.#audience.failed?.(job, settled.error);
  }

  /** Stops every life; each writes a snapshot. */
  #stop(): void {
    this.#halt.abort();
    for (const stop of this.#stops) Atomics.store(stop, 0, 1);
  }

  /** Where it throws, the sweep is stopped, and throws it in the end. */
  #try(work: () => unknown): void {
    try {
      work();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#fault ??= { error };
    this.#stop();
  }

  #jobOf(key: string): Job {
    return (this.#jobs.get(key) as { job: Job }).job;
  }

  #recipeOf(key: string): Recipe {
    return (this.#jobs.get(key) as { recipe: Recipe }).recipe;
  }
}

type End =
  | { readonly kind: "lived"; readonly result: Result }
  | { readonly kind: "stopped" }
  | { readonly kind: "inUse"; readonly why: string }
  | { readonly kind: "failed"; readonly error: string };

function settledIn({ state, fingerprint, seconds, error }: Entry, by: By): Settled | undefined {
  if (state === "done") return { result: { fingerprint: fingerprint ?? "", seconds: seconds ?? 0 }, by };
  return state === "failed" ? { error: error ?? "" } : undefined;
}

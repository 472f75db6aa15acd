/**
 * What a sweep has to do, in one SQLite file that any number of processes work from: a lease queue with fencing tokens.
 *
 * Who claims a job gets a lease, which must be renewed before it runs out, and a token, one higher than that of the claim before.
 * A job whose lease has run out, or whose holder is certainly gone, can be claimed by another; from then on the first one's
 * token is stale, and whatever it says of the job is refused. So a job is finished once, however often it was begun.
 *
 * Each call is one transaction that is on the disk when it returns. Leases are told by the clock of the host, in milliseconds.
 */
import type { DatabaseSync } from "node:sqlite";
import { Database } from "./database.ts";
import { isGone } from "./holder.ts";

/** One run to be lived. */
export interface Job {
  /** What it is: a hash of the recipe, the engine's version and the user's own data (job.ts). */
  readonly key: string;
  /** The recipe's text. */
  readonly recipe: string;
  /** The name of the run's folder. */
  readonly folder: string;
  /** Jobs are begun in this order. */
  readonly rank: number;
}

/** What a finished job came to. */
export interface Result {
  readonly fingerprint: string;
  readonly seconds: number;
}

export type JobState = "waiting" | "leased" | "done" | "failed";

/** A job as it stands. */
export interface Entry {
  readonly key: string;
  readonly state: JobState;
  /** How often it was claimed. */
  readonly token: number;
  /** The last to claim it. */
  readonly holder?: string;
  /** Why it was put back. */
  readonly note?: string;
  /** Why it failed. */
  readonly error?: string;
  readonly fingerprint?: string;
  readonly seconds?: number;
}

export interface Claim {
  readonly job: Job;
  readonly token: number;
}

/** A line of the history: what became of a job, and when. `found`: its folder held it complete. `lost`: no longer. */
export interface Happening {
  readonly key: string;
  readonly token: number;
  readonly what: "added" | "found" | "lost" | "claimed" | "released" | "completed" | "failed" | "again";
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Opens the queue in the file at `path`, or makes it. Throws RunError when the file is damaged. */
export function openQueue(path: string, now: () => number = Date.now): Queue {
  return new Queue(new Database(path), now);
}

/** The condition that a job is one of the keys given as JSON in `?1`; null stands for all. */
const MEANT = "(?1 IS NULL OR key IN (SELECT value FROM json_each(?1)))";

export class Queue {
  readonly #database: Database;
  readonly #now: () => number;

  constructor(database: Database, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  /**
   * Adds jobs; those that are there already are left as they are.
   *
   * @param isDone what the job's folder holds as complete: it is taken over, and what it no longer holds is to be done again
   */
  add(jobs: readonly Job[], isDone?: (job: Job) => Result | undefined): void {
    // Folders are read outside the transaction, which would keep the others waiting; what has changed since is left alone.
    const before = new Map(this.entries(jobs.map(({ key }) => key)).map((entry) => [entry.key, entry]));
    const found = isDone && new Map(jobs.map((job) => [job.key, isDone(job)]));
    this.#database.transaction((file) => {
      const insert = file.prepare(
        "INSERT INTO jobs (key, recipe, folder, rank, state) VALUES (?, ?, ?, ?, 'waiting') ON CONFLICT DO NOTHING",
      );
      for (const { key, recipe, folder, rank } of jobs) {
        if (insert.run(key, recipe, folder, rank).changes === 1) this.#note(file, key, "added");
      }
      if (found === undefined) return;
      const take = file.prepare(
        "UPDATE jobs SET state = 'done', fingerprint = ?, seconds = ?, error = NULL WHERE key = ? AND state IN ('waiting', 'failed')",
      );
      const lose = file.prepare("UPDATE jobs SET state = 'waiting' WHERE key = ? AND state = 'done' AND token = ?");
      for (const [key, result] of found) {
        const was = before.get(key);
        if (result !== undefined) {
          if (take.run(result.fingerprint, result.seconds, key).changes === 1) this.#note(file, key, "found");
        } else if (was?.state === "done" && lose.run(key, was.token).changes === 1) this.#note(file, key, "lost");
      }
    });
  }

  /**
   * The first job that can be had, leased for `leaseMs` milliseconds; undefined when there is none just now.
   *
   * @param holder who claims it, see holder.ts
   * @param keys only of these
   */
  claim(holder: string, leaseMs: number, keys?: readonly string[]): Claim | undefined {
    const gone = new Map<string, boolean>();
    return this.#database.transaction((file) => {
      const now = this.#now();
      const candidates = file.prepare(
        `SELECT key, recipe, folder, rank, state, token, holder, leaseUntil FROM jobs
         WHERE ((state = 'waiting' AND notBefore <= ?2) OR state = 'leased') AND ${MEANT} ORDER BY rank, key`,
      );
      for (const row of candidates.iterate(listed(keys), now)) {
        const { key, recipe, folder, rank, state, token, holder: has, leaseUntil } = row as unknown as JobRow;
        if (state === "leased" && leaseUntil > now && !remembered(gone, has ?? "", isGone)) continue;
        const lease =
          "UPDATE jobs SET state = 'leased', token = ?, holder = ?, leaseUntil = ?, note = NULL WHERE key = ?";
        file.prepare(lease).run(token + 1, holder, now + leaseMs, key);
        this.#note(file, key, "claimed");
        return { job: { key, recipe, folder, rank }, token: token + 1 };
      }
      return undefined;
    });
  }

  /** Puts the lease's end off to `leaseMs` milliseconds from now; false when the token is stale: the job is another's. */
  renew(key: string, token: number, leaseMs: number): boolean {
    return this.#held(key, token, undefined, "leaseUntil = ?", this.#now() + leaseMs);
  }

  /** The job is done; false, and nothing is changed, when the token is stale. */
  complete(key: string, token: number, { fingerprint, seconds }: Result): boolean {
    return this.#held(key, token, "completed", "state = 'done', fingerprint = ?, seconds = ?", fingerprint, seconds);
  }

  /** The job cannot be done, and is not tried again unless asked for by `retry`; false when the token is stale. */
  fail(key: string, token: number, error: string): boolean {
    return this.#held(key, token, "failed", "state = 'failed', error = ?", error);
  }

  /** Gives the job back, to be claimed again after `delayMs` milliseconds; false when the token is stale. */
  release(key: string, token: number, note: string | null = null, delayMs = 0): boolean {
    const change = "state = 'waiting', note = ?, notBefore = ?";
    return this.#held(key, token, "released", change, note, this.#now() + delayMs);
  }

  /** Puts those that failed among the waiting again. */
  retry(keys?: readonly string[]): void {
    this.#database.transaction((file) => {
      const change = `UPDATE jobs SET state = 'waiting', error = NULL WHERE state = 'failed' AND ${MEANT} RETURNING key`;
      for (const { key } of file.prepare(change).all(listed(keys))) this.#note(file, String(key), "again");
    });
  }

  /** How the jobs stand, in their order. */
  entries(keys?: readonly string[]): Entry[] {
    const columns = "key, state, token, holder, note, error, fingerprint, seconds";
    const ask = `SELECT ${columns} FROM jobs WHERE ${MEANT} ORDER BY rank, key`;
    const rows = this.#database.read((file) => file.prepare(ask).all(listed(keys)));
    return rows.map((row) => Object.fromEntries(Object.entries(row).filter(([, v]) => v !== null)) as unknown as Entry);
  }

  /** All jobs, in their order: what the sweeps of this folder were asked for. */
  jobs(): Job[] {
    const ask = "SELECT key, recipe, folder, rank FROM jobs ORDER BY rank, key";
    const rows = this.#database.read((file) => file.prepare(ask).all());
    return rows.map((row) => ({ ...row }) as unknown as Job);
  }

  /** How many jobs are in each state. */
  counts(keys?: readonly string[]): Record<JobState, number> {
    const counts = { waiting: 0, leased: 0, done: 0, failed: 0 };
    for (const { state } of this.entries(keys)) counts[state]++;
    return counts;
  }

  /** All that has happened, in order. Nothing is ever taken out of it. */
  history(): Happening[] {
    const ask = "SELECT key, token, what, at FROM history ORDER BY seq";
    const rows = this.#database.read((file) => file.prepare(ask).all());
    return rows.map((row) => ({ ...row }) as unknown as Happening);
  }

  close(): void {
    this.#database.close();
  }

  /** Changes a job that is held with this token, and no other. */
  #held(
    key: string,
    token: number,
    what: Happening["what"] | undefined,
    change: string,
    ...values: (string | number | null)[]
  ): boolean {
    return this.#database.transaction((file) => {
      const update = file.prepare(`UPDATE jobs SET ${change} WHERE key = ? AND token = ? AND state = 'leased'`);
      if (update.run(...values, key, token).changes !== 1) return false;
      if (what !== undefined) this.#note(file, key, what);
      return true;
    });
  }

  #note(file: DatabaseSync, key: string, what: Happening["what"]): void {
    const add = "INSERT INTO history (key, token, what, at) SELECT key, token, ?, ? FROM jobs WHERE key = ?";
    file.prepare(add).run(what, this.#now(), key);
  }
}

interface JobRow extends Job {
  readonly state: JobState;
  readonly token: number;
  readonly holder: string | null;
  readonly leaseUntil: number;
}

function listed(keys: readonly string[] | undefined): string | null {
  return keys === undefined ? null : JSON.stringify(keys);
}

function remembered(known: Map<string, boolean>, of: string, ask: (of: string) => boolean): boolean {
  const answer = known.get(of) ?? ask(of);
  known.set(of, answer);
  return answer;
}

/**
 * The queue's SQLite file: opened, checked, laid out, and asked in transactions. What it holds can always be made again from the
 * run folders, so an error about it says that it may be deleted.
 */
import { DatabaseSync } from "node:sqlite";
import { RunError } from "../runs/errors.ts";

/** Milliseconds to wait for another process's transaction, which takes a few. */
const PATIENCE = 30_000;

/** Of the tables below; another one's file is not touched. */
const LAYOUT = 1;

const TABLES = `
  CREATE TABLE jobs (
    key TEXT PRIMARY KEY,
    recipe TEXT NOT NULL,
    folder TEXT NOT NULL,
    rank INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'leased', 'done', 'failed')),
    token INTEGER NOT NULL DEFAULT 0,
    holder TEXT,
    leaseUntil INTEGER NOT NULL DEFAULT 0,
    notBefore INTEGER NOT NULL DEFAULT 0,
    note TEXT,
    error TEXT,
    fingerprint TEXT,
    seconds REAL
  ) STRICT;
  CREATE INDEX jobsInOrder ON jobs (state, rank, key);
  CREATE TABLE history (
    seq INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    token INTEGER NOT NULL,
    what TEXT NOT NULL,
    at INTEGER NOT NULL
  ) STRICT;
  CREATE TRIGGER historyIsNotAltered BEFORE UPDATE ON history BEGIN SELECT RAISE(ABORT, 'history is only added to'); END;
  CREATE TRIGGER historyIsNotDeleted BEFORE DELETE ON history BEGIN SELECT RAISE(ABORT, 'history is only added to'); END;
  PRAGMA user_version = ${LAYOUT};
`;

// https://sqlite.org/rescode.html: the low byte is the kind.
const [BUSY, CORRUPT, NOTADB] = [5, 11, 26];

/** The kind of an error of SQLite's; undefined for another's. */
function kindOf(cause: unknown): number | undefined {
  const code = (cause as { errcode?: number }).errcode;
  return code === undefined ? undefined : code & 0xff;
}

/** A file that is open. All that is asked of it goes through `transaction` or `read`. */
export class Database {
  readonly #path: string;
  readonly #file: DatabaseSync;

  /** Opens the file, and makes it where there is none. Throws RunError when it is damaged or not a queue. */
  constructor(path: string) {
    this.#path = path;
    this.#file = this.#guarded(() => new DatabaseSync(path, { timeout: PATIENCE }));
    try {
      this.#guarded(() => this.#prepare());
    } catch (error) {
      this.#file.close();
      throw error;
    }
  }

  /**
   * Does `work` as one transaction, alone among all processes: all of it is on the disk when this returns, or, where it
   * throws, none.
   *
   * @param begin "BEGIN" for one that only reads: it sees one moment, and others may write meanwhile
   */
  transaction<T>(work: (file: DatabaseSync) => T, begin: "BEGIN IMMEDIATE" | "BEGIN" = "BEGIN IMMEDIATE"): T {
    return this.#guarded(() => {
      this.#file.exec(begin);
      try {
        const result = work(this.#file);
        this.#file.exec("COMMIT");
        return result;
      } catch (error) {
        if (this.#file.isTransaction) this.#file.exec("ROLLBACK");
        throw error;
      }
    });
  }

  /** Asks without changing anything, and without keeping anybody waiting. */
  read<T>(work: (file: DatabaseSync) => T): T {
    return this.#guarded(() => work(this.#file));
  }

  close(): void {
    this.#file.close();
  }

  #prepare(): void {
    this.transaction((file) => this.#isNew(file), "BEGIN"); // before anything is written: it may be another program's
    const [fault] = this.#file.prepare("PRAGMA quick_check(1)").all();
    if (fault?.quick_check !== "ok") throw new RunError(this.#damaged(String(fault?.quick_check)));
    this.#keepLog();
    this.#file.exec("PRAGMA synchronous = FULL");
    this.transaction((file) => {
      if (this.#isNew(file)) file.exec(TABLES);
    });
  }

  /** Changes are kept in a log. Where several make the file so at the same moment, SQLite tells all but one at once that it is busy: they ask again. */
  #keepLog(): void {
    const end = Date.now() + PATIENCE;
    for (;;) {
      try {
        return this.#file.exec("PRAGMA journal_mode = WAL");
      } catch (cause) {
        if (kindOf(cause) !== BUSY || Date.now() > end) throw cause;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      }
    }
  }

  /** Whether nothing is in the file yet. Throws RunError when something else than a queue is. */
  #isNew(file: DatabaseSync): boolean {
    const layout = file.prepare("PRAGMA user_version").get()?.user_version;
    if (layout === LAYOUT) return false;
    const tables = file.prepare("SELECT count(*) AS count FROM sqlite_schema").get()?.count;
    if (layout === 0 && tables === 0) return true;
    throw new RunError(this.#damaged(`its layout is ${Number(layout)}, must be ${LAYOUT}`));
  }

  #guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      const kind = kindOf(cause);
      if (kind === undefined) throw cause; // none of SQLite's
      const { message } = cause as Error;
      if ([CORRUPT, NOTADB].includes(kind)) throw new RunError(this.#damaged(message), { cause });
      const what = kind === BUSY ? `another process has kept it for ${PATIENCE / 1000} seconds` : message;
      throw new RunError(`${this.#path}: the sweep's queue cannot be used: ${what}`, { cause });
    }
  }

  #damaged(what: string): string {
    const advice =
      "it can be deleted, with its -wal and -shm: the run folders beside it are the truth, and what they hold is kept";
    return `${this.#path}: not a sweep's queue, or a damaged one (${what}); ${advice}`;
  }
}

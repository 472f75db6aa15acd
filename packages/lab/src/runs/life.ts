/**
 * One learner's life in a run: it sees the stream item by item, says what it sees before it learns from it, and leaves a log, a
 * metrics file and snapshots behind. A life that was cut off anywhere goes on from its newest good snapshot and ends in the
 * same bits, log included, as one that never was.
 *
 * The log's events: `begun` (run, learner, engine, data, and how long the life will be), `window` (see WindowRecord), `ended` (see
 * EndRecord), and with `events: "all"` every `born` and `died` as the engine tells them. A life that diverges ends there:
 * nothing more can be learned from.
 */
import { existsSync } from "node:fs";
import type { Learner } from "plastica";
import { learnerFromRecipe } from "../recipe/learner.ts";
import { type Recipe, runId } from "../recipe/recipe.ts";
import { streamFrom } from "../streams/choice.ts";
import { dataDigest } from "../streams/data-digest.ts";
import { type Stream, taskOf } from "../streams/stream.ts";
import { readEvents } from "./events.ts";
import { examine } from "./examine.ts";
import { removeUnfinished } from "./files.ts";
import { beats } from "./heartbeat.ts";
import { mustBeSameData, mustBeSameEngine, mustBeSameRun } from "./identity.ts";
import { engineVersion } from "./machine.ts";
import { writeMetrics } from "./metrics.ts";
import { eventsPath, learnerFolder, metricsPath } from "./paths.ts";
import { PROBE, probe } from "./probe.ts";
import {
  type BegunRecord,
  begunRecord,
  type EndRecord,
  endRecord,
  type WindowRecord,
  windowRecords,
} from "./record.ts";
import { sealed } from "./snapshots.ts";
import { Stopwatch } from "./stopwatch.ts";
import { counted, newCounts, recordOf, type Tally } from "./tally.ts";
import { type Note, wakeOrBegin } from "./waking.ts";
import { windowStarts } from "./windows.ts";

/** What a life is to be, beside its length: known when its stream is open. */
export interface Outlook {
  readonly windows: number;
  /** What the log has a line of each. */
  readonly step: "task" | "window";
  readonly target: "class" | "values";
}

/** How a life is watched and stopped. None of it has a say in what is computed. */
export interface Watcher {
  /** Once, when the stream is open. */
  opened?(length: number, outlook: Outlook): void;
  /** After every block of examples, of which `seen` are of the running window; true asks the life to write a snapshot and stop. */
  pulse(position: number, tally: Tally, seen: number): boolean;
  /** After every window. */
  window?(record: WindowRecord, seconds: number): void;
  /** The example `position` could not be learned from, and the life ended there. */
  diverged?(position: number): void;
  /** In words: a snapshot that could not be used, or a life that diverged. */
  said?(message: string): void;
}

/** Examples between two looks at the watcher. */
const BLOCK = 200;

/**
 * Lives, from where the folder's snapshots say, to the end of the stream or until the watcher asks to stop.
 *
 * @param open the recipe's stream; another can be given to learn from what no recipe names
 * @throws RunError when the run was begun as another recipe's, with another engine or other data, or its log is damaged; DataError when the stream's files are
 */
export async function liveOut(
  folder: string,
  recipe: Recipe,
  name: string,
  watch: Watcher,
  open: (recipe: Recipe) => Stream | Promise<Stream> = ({ stream, seed, batch }) => streamFrom(stream, { seed, batch }),
): Promise<"complete" | "stopped"> {
  const found = readEvents(eventsPath(folder, name));
  if (endRecord(found.events) !== undefined) {
    removeUnfinished(learnerFolder(folder, name));
    if (!existsSync(metricsPath(folder, name))) writeMetrics(folder, name, windowRecords(found.events));
    return "complete";
  }
  const begun = begunRecord(found.events);
  mustBeSameEngine(folder, begun);
  mustBeSameRun(folder, runId(recipe), begun);
  mustBeSameData(folder, recipe, begun);
  const stream = await open(recipe);
  const life = new Life(folder, recipe, name, stream, watch);
  let outcome: "complete" | "stopped";
  try {
    outcome = await life.go();
  } catch (error) {
    try {
      life.release();
    } catch {
      // what went wrong first is what is told
    }
    throw error;
  }
  life.release();
  return outcome;
}

class Life {
  readonly #folder: string;
  readonly #recipe: Recipe;
  readonly #name: string;
  readonly #stream: Stream;
  readonly #watch: Watcher;
  readonly #awake: ReturnType<typeof wakeOrBegin>;
  readonly #clock: Stopwatch;
  /** Where windows begin. */
  readonly #windows: readonly number[];
  #learner: Learner;
  #position: number;

  constructor(folder: string, recipe: Recipe, name: string, stream: Stream, watch: Watcher) {
    this.#folder = folder;
    this.#recipe = recipe;
    this.#name = name;
    this.#stream = stream;
    this.#watch = watch;
    this.#windows = windowStarts(stream, recipe);
    const found = readEvents(eventsPath(folder, name));
    this.#awake = wakeOrBegin(folder, recipe, name, stream, found, (message) => watch.said?.(message));
    removeUnfinished(learnerFolder(folder, name));
    this.#learner = this.#awake.learner;
    this.#position = this.#awake.position;
    this.#clock = new Stopwatch(learnerFolder(folder, name), this.#windowAt(this.#position) + 1);
    this.#listen();
  }

  async go(): Promise<"complete" | "stopped"> {
    const { length } = this.#stream;
    const { log, tally } = this.#awake;
    const beat = beats(this.#stream, this.#recipe.batch);
    this.#watch.opened?.(length, this.#outlook());
    if (log.seq === 0) this.#begin();
    while (this.#position < length) {
      const window = this.#windowAt(this.#position);
      const [from, to] = [this.#windows[window], this.#windows[window + 1] ?? length];
      this.#clock.start(window);
      // A batch ends where a task or a window does, and only there: never where a snapshot or a look at the watcher is due.
      const cut = Math.min(to, this.#taskEnd(this.#position));
      const stop = Math.min(cut, this.#nextSnapshot(), this.#position + BLOCK);
      const probed = this.#position === from ? Math.min(PROBE, to - from) : 0;
      await this.#stream.load?.(this.#position, Math.max(Math.min(cut, stop + this.#recipe.batch), from + probed));
      if (this.#recipe.learners[this.#name].afresh) this.#renew();
      if (this.#position === from) this.#beginWindow(from, from + probed, window === this.#windows.length - 1);
      const next = this.#nextSnapshot();
      while (this.#position < stop) {
        const size = Math.min(this.#recipe.batch, cut - this.#position);
        if (!beat(this.#learner, this.#position, size, tally, tally.counts)) return this.#finish(this.#position);
        this.#position += size;
      }
      const ended = this.#position === to;
      if (ended) this.#endWindow(window, to - from);
      const due = ended || this.#position >= next;
      if (due) this.#save();
      if (this.#watch.pulse(this.#position, tally, this.#position - from) && this.#position < length) {
        this.#clock.stop();
        if (!due) this.#save();
        return "stopped";
      }
    }
    return this.#finish();
  }

  release(): void {
    try {
      this.#awake.log.close();
    } finally {
      this.#learner.close();
    }
  }

  #outlook(): Outlook {
    const { starts, target } = this.#stream;
    const step = this.#recipe.window === undefined && starts.length > 1 ? "task" : "window";
    return { windows: this.#windows.length, step, target };
  }

  #begin(): void {
    const { inputs, outputs, target, length } = this.#stream;
    const data = dataDigest(this.#recipe.stream);
    const begun: BegunRecord & { learner: string } = {
      run: runId(this.#recipe),
      learner: this.#name,
      engine: engineVersion(),
      ...(data === undefined ? {} : { data }),
      ...{ inputs, outputs, target, examples: length, windows: this.#windows.length },
    };
    this.#awake.log.append({ type: "begun", ...begun });
  }

  #listen(): void {
    const { tally, log } = this.#awake;
    this.#learner.on((event) => {
      if (event.type === "born") tally.births += event.neurons.length;
      else if (event.type === "died") tally.deaths += event.neurons.length;
      if (this.#recipe.events === "all" || event.type === "decided") log.append({ ...event });
    });
  }

  /** A new network where a task begins. */
  #renew(): void {
    if (this.#position === 0 || this.#stream.starts[taskOf(this.#stream, this.#position)] !== this.#position) return;
    this.#learner.close();
    this.#learner = learnerFromRecipe(this.#recipe, this.#name, this.#stream);
    this.#listen();
  }

  #beginWindow(from: number, to: number, last: boolean): void {
    const { tally } = this.#awake;
    tally.correct = 0;
    tally.loss = 0;
    Object.assign(tally, probe(this.#learner, this.#stream, from, to));
    tally.counts = last && this.#stream.tests === undefined ? newCounts(this.#stream) : undefined;
  }

  #endWindow(window: number, examples: number): void {
    const { tally, records, log } = this.#awake;
    const { tests, target } = this.#stream;
    const { network } = this.#learner;
    const task = taskOf(this.#stream, this.#position - 1);
    const ended = {
      ...{ window, task, examples, parameters: network.parameters, bytes: network.bytes },
      ...(tests === undefined ? {} : { tests: examine(this.#learner, this.#stream, tests) }),
    };
    const record = recordOf(tally, ended, target === "class");
    records.push(record);
    log.append({ type: "window", ...record });
    this.#watch.window?.(record, this.#clock.stop());
  }

  /** The log's last event and the metrics; `diverged` is the example that could not be learned from. */
  #finish(diverged?: number): "complete" {
    const { log, store, tally, records } = this.#awake;
    this.#clock.stop();
    this.#clock.save();
    store.prune(); // a kill may have come between the last snapshot and this
    const { births, deaths } = tally;
    const end: EndRecord = {
      ...{ examples: this.#position, fingerprint: this.#learner.fingerprint(), births, deaths },
      ...(diverged === undefined ? this.#counted() : { diverged }),
    };
    log.append({ type: "ended", ...end });
    log.sync();
    writeMetrics(this.#folder, this.#name, records);
    if (diverged !== undefined) {
      this.#watch.diverged?.(diverged);
      const window = this.#windowAt(diverged) + 1;
      this.#watch.said?.(
        `${this.#name}: diverged in window ${window} at example ${diverged}: its loss is no longer finite; its life ends there`,
      );
    }
    return "complete";
  }

  #counted(): Pick<EndRecord, "confusion" | "calibration"> {
    const { tests } = this.#stream;
    const counts = tests === undefined ? this.#awake.tally.counts : newCounts(this.#stream);
    if (counts === undefined) return {};
    if (tests !== undefined) examine(this.#learner, this.#stream, tests, counts);
    return counted(counts);
  }

  #save(): void {
    const { log, store, tally } = this.#awake;
    log.sync(); // before the snapshot that counts on it
    const note: Omit<Note, "crc"> = {
      run: runId(this.#recipe),
      learner: this.#name,
      position: this.#position,
      eventBytes: log.bytes,
      eventCount: log.seq,
      fingerprint: this.#learner.fingerprint(),
      tally,
    };
    store.write(this.#position, this.#learner.snapshot(sealed(note)));
    this.#clock.save();
  }

  /** Windows and tasks are looked up alike. */
  #windowAt(n: number): number {
    return taskOf({ starts: this.#windows }, n);
  }

  #taskEnd(n: number): number {
    return this.#stream.starts[taskOf(this.#stream, n) + 1] ?? this.#stream.length;
  }

  #nextSnapshot(): number {
    const { snapshotEvery } = this.#recipe;
    if (snapshotEvery === undefined) return Number.POSITIVE_INFINITY;
    return (Math.floor(this.#position / snapshotEvery) + 1) * snapshotEvery;
  }
}

/**
 * One learner's life in a run: it sees the stream item by item, says what it sees before it learns from it, and leaves a log, a
 * metrics file and snapshots behind. A life that was cut off anywhere goes on from its newest good snapshot and ends in the
 * same bits, log included, as one that never was.
 *
 * The log's events: `begun` (run, learner, engine), `task` (see TaskRecord), `ended` (examples, fingerprint, births, deaths), and
 * with `events: "all"` every `born` and `died` as the engine tells them.
 */
import { existsSync } from "node:fs";
import { type Learner, SnapshotError } from "plastica";
import type { ImageSet } from "../data/images.ts";
import { learnerFromRecipe } from "../recipe/learner.ts";
import { type Recipe, runId } from "../recipe/recipe.ts";
import { permuted, type Stream } from "../streams/permuted.ts";
import { dormantShares, PROBE } from "./dormant.ts";
import { RunError } from "./errors.ts";
import { EventLog, readEvents } from "./events.ts";
import { engineVersion } from "./machine.ts";
import { writeMetrics } from "./metrics.ts";
import { eventsPath, learnerFolder, metricsPath, snapshotsPath } from "./paths.ts";
import type { TaskRecord } from "./record.ts";
import { type Stored, SnapshotStore, sealed, sealHolds } from "./snapshots.ts";
import { Stopwatch } from "./stopwatch.ts";

/** What has been counted of the task that runs, and of the whole life. */
export interface Tally {
  correct: number;
  loss: number;
  dormant: number[];
  births: number;
  deaths: number;
}

/** How a life is watched and stopped. None of it has a say in what is computed. */
export interface Watcher {
  /** After every block of examples; true asks the life to write a snapshot and stop. */
  pulse(position: number, tally: Tally): boolean;
  /** After every task. */
  task(record: TaskRecord, seconds: number): void;
  /** In words: a snapshot that could not be used. */
  said(message: string): void;
}

/** What a snapshot says of itself, beside the network's state. */
interface Note {
  run: string;
  learner: string;
  position: number;
  eventBytes: number;
  eventCount: number;
  fingerprint: string;
  tally: Tally;
  crc: string;
}

const BLOCK = 200;

/**
 * Lives, from where the folder's snapshots say, to the end of the stream or until the watcher asks to stop.
 *
 * @throws RunError when the run was begun with another version of the engine
 */
export function liveOut(folder: string, recipe: Recipe, name: string, images: ImageSet, watch: Watcher): "complete" | "stopped" {
  const { seed, stream: options, snapshotEvery } = recipe;
  const events = readEvents(eventsPath(folder, name)).events;
  mustBeOurs(folder, events[0]?.engine);
  if (events.at(-1)?.type === "ended") {
    if (!existsSync(metricsPath(folder, name))) writeMetrics(folder, name);
    return "complete";
  }
  const stream = permuted(images, { seed, tasks: options.tasks, examplesPerTask: options.examplesPerTask });
  const life = open(folder, recipe, name, watch);
  const { learner, log, store, tally } = life;
  let { position } = life;
  const clock = new Stopwatch(learnerFolder(folder, name));
  learner.on((event) => {
    if (event.type === "born") tally.births += event.neurons.length;
    else if (event.type === "died") tally.deaths += event.neurons.length;
    if (recipe.events === "all") log.append({ ...event });
  });

  function save(): void {
    log.sync(); // before the snapshot that counts on it
    const note = {
      run: runId(recipe),
      learner: name,
      position,
      eventBytes: log.bytes,
      eventCount: log.seq,
      fingerprint: learner.fingerprint(),
      tally,
    };
    store.write(position, learner.snapshot(sealed(note)));
    clock.save();
  }

  try {
    if (log.seq === 0) log.append({ type: "begun", run: runId(recipe), learner: name, engine: engineVersion() });
    while (position < stream.length) {
      const task = Math.floor(position / stream.taskLength);
      clock.start(task);
      if (position % stream.taskLength === 0) beginTask(tally, learner, stream, position);
      const end = Math.min(nextMultiple(position, stream.taskLength), nextMultiple(position, snapshotEvery), position + BLOCK);
      for (; position < end; position++) {
        const { x, y } = stream.at(position);
        const seen = learner.observe(x, y);
        tally.loss += seen.loss;
        if (seen.prediction === y) tally.correct++;
      }
      const taskEnded = position % stream.taskLength === 0;
      if (taskEnded) {
        const record = recordOf(tally, task, stream.taskLength);
        log.append({ type: "task", ...record });
        watch.task(record, clock.stop());
      }
      const due = taskEnded || position % snapshotEvery === 0;
      if (due) save();
      if (watch.pulse(position, tally) && position < stream.length) {
        clock.stop();
        if (!due) save();
        return "stopped";
      }
    }
    const { births, deaths } = tally;
    log.append({ type: "ended", examples: position, fingerprint: learner.fingerprint(), births, deaths });
    log.sync();
    writeMetrics(folder, name);
    return "complete";
  } finally {
    log.close();
    learner.close();
  }
}

function mustBeOurs(folder: string, engine: unknown): void {
  if (engine === undefined || engine === engineVersion()) return;
  throw new RunError(
    `${folder}: begun with plastica ${engine}, this is ${engineVersion()}: it would not end in the same bits; begin it anew`,
  );
}

interface Opened {
  learner: Learner;
  log: EventLog;
  store: SnapshotStore;
  tally: Tally;
  position: number;
}

/** The newest snapshot that can be used, or a new life. */
function open(folder: string, recipe: Recipe, name: string, watch: Watcher): Opened {
  const store = new SnapshotStore(snapshotsPath(folder, name));
  const events = eventsPath(folder, name);
  const learner = learnerFromRecipe(recipe, name);
  const found = store.list();
  for (const stored of found) {
    try {
      const note = wake(learner, stored, store, runId(recipe), name);
      const log = new EventLog(events, note.eventBytes, note.eventCount);
      return { learner, log, store, tally: note.tally, position: note.position };
    } catch (error) {
      if (!(error instanceof SnapshotError || error instanceof RunError)) throw error;
      watch.said(`${name}: ${stored.path} cannot be used (${error.message}); falling back to the one before`);
      store.setAside(stored);
    }
  }
  // A snapshot that failed its fingerprint has left its state behind, so a new life needs a new learner.
  if (found.length > 0) learner.close();
  const newborn = found.length > 0 ? learnerFromRecipe(recipe, name) : learner;
  const tally = { correct: 0, loss: 0, dormant: [], births: 0, deaths: 0 };
  return { learner: newborn, log: new EventLog(events, 0, 0), store, tally, position: 0 };
}

function wake(learner: Learner, stored: Stored, store: SnapshotStore, run: string, name: string): Note {
  const note = learner.restore(store.read(stored)) as Note;
  if (!sealHolds(note)) throw new SnapshotError("its note is damaged");
  if (note.run !== run || note.learner !== name) {
    throw new SnapshotError(`it is of ${note.run}/${note.learner}, must be of ${run}/${name}`);
  }
  const fingerprint = learner.fingerprint();
  if (fingerprint !== note.fingerprint) {
    throw new SnapshotError(`its state has the fingerprint ${fingerprint}, must be ${note.fingerprint}`);
  }
  return note;
}

function beginTask(tally: Tally, learner: Learner, stream: Stream, position: number): void {
  tally.correct = 0;
  tally.loss = 0;
  tally.dormant = dormantShares(learner, stream, position, Math.min(PROBE, stream.taskLength));
}

function recordOf({ correct, loss, dormant, births, deaths }: Tally, task: number, examples: number): TaskRecord {
  const mean = loss / examples;
  return { task, examples, accuracy: correct / examples, loss: Number.isFinite(mean) ? mean : null, dormant, births, deaths };
}

function nextMultiple(n: number, of: number): number {
  return (Math.floor(n / of) + 1) * of;
}

/**
 * One learner's life in a run: it sees the stream item by item, says what it sees before it learns from it, and leaves a log, a
 * metrics file and snapshots behind. A life that was cut off anywhere goes on from its newest good snapshot and ends in the
 * same bits, log included, as one that never was.
 *
 * The log's events: `begun` (run, learner, engine), `task` (see TaskRecord), `ended` (see EndRecord), and with `events: "all"`
 * every `born` and `died` as the engine tells them. A life that diverges ends there: nothing more can be learned from.
 */
import { existsSync } from "node:fs";
import { type Learner, type Observation, ValueError } from "plastica";
import type { ImageSet } from "../data/images.ts";
import { type Recipe, runId } from "../recipe/recipe.ts";
import { permuted, type Stream } from "../streams/permuted.ts";
import { dormantShares, PROBE } from "./dormant.ts";
import { RunError } from "./errors.ts";
import { readEvents } from "./events.ts";
import { removeUnfinished } from "./files.ts";
import { engineVersion } from "./machine.ts";
import { writeMetrics } from "./metrics.ts";
import { eventsPath, learnerFolder, metricsPath } from "./paths.ts";
import { type EndRecord, endRecord, type TaskRecord, taskRecords } from "./record.ts";
import { sealed } from "./snapshots.ts";
import { Stopwatch } from "./stopwatch.ts";
import { type Note, type Tally, wakeOrBegin } from "./waking.ts";

/** How a life is watched and stopped. None of it has a say in what is computed. */
export interface Watcher {
  /** After every block of examples; true asks the life to write a snapshot and stop. */
  pulse(position: number, tally: Tally): boolean;
  /** After every task. */
  task(record: TaskRecord, seconds: number): void;
  /** The example `position` could not be learned from, and the life ended there. */
  diverged(position: number): void;
  /** In words: a snapshot that could not be used, or a life that diverged. */
  said(message: string): void;
}

const BLOCK = 200;

/**
 * Lives, from where the folder's snapshots say, to the end of the stream or until the watcher asks to stop.
 *
 * @throws RunError when the run was begun with another engine, or its log is damaged
 */
export function liveOut(
  folder: string,
  recipe: Recipe,
  name: string,
  images: ImageSet,
  watch: Watcher,
): "complete" | "stopped" {
  const { seed, stream: options, snapshotEvery } = recipe;
  const found = readEvents(eventsPath(folder, name));
  if (endRecord(found.events) !== undefined) {
    removeUnfinished(learnerFolder(folder, name));
    if (!existsSync(metricsPath(folder, name))) writeMetrics(folder, name, taskRecords(found.events));
    return "complete";
  }
  mustBeOurs(folder, found.events[0]?.engine);
  const stream = permuted(images, { seed, tasks: options.tasks, examplesPerTask: options.examplesPerTask });
  const life = wakeOrBegin(folder, recipe, name, found, watch.said);
  removeUnfinished(learnerFolder(folder, name));
  const { learner, log, store, tally, records } = life;
  let { position } = life;
  const clock = new Stopwatch(learnerFolder(folder, name), Math.floor(position / stream.taskLength) + 1);
  learner.on((event) => {
    if (event.type === "born") tally.births += event.neurons.length;
    else if (event.type === "died") tally.deaths += event.neurons.length;
    if (recipe.events === "all") log.append({ ...event });
  });

  function save(): void {
    log.sync(); // before the snapshot that counts on it
    const note: Omit<Note, "crc"> = {
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

  /** The log's last event and the metrics; `diverged` is the example that could not be learned from. */
  function finish(diverged?: number): "complete" {
    clock.stop();
    clock.save();
    store.prune(); // a kill may have come between the last snapshot and this
    const { births, deaths } = tally;
    const end: EndRecord = { examples: position, fingerprint: learner.fingerprint(), births, deaths };
    log.append({ type: "ended", ...end, ...(diverged === undefined ? {} : { diverged }) });
    log.sync();
    writeMetrics(folder, name, records);
    if (diverged !== undefined) {
      watch.diverged(diverged);
      const task = Math.floor(diverged / stream.taskLength) + 1;
      watch.said(
        `${name}: diverged in task ${task} at step ${diverged}: its loss is no longer finite; its life ends there`,
      );
    }
    return "complete";
  }

  function go(): "complete" | "stopped" {
    if (log.seq === 0) log.append({ type: "begun", run: runId(recipe), learner: name, engine: engineVersion() });
    while (position < stream.length) {
      const task = Math.floor(position / stream.taskLength);
      clock.start(task);
      if (position % stream.taskLength === 0) beginTask(tally, learner, stream, position);
      const end = Math.min(
        nextMultiple(position, stream.taskLength),
        nextMultiple(position, snapshotEvery),
        position + BLOCK,
      );
      for (; position < end; position++) {
        const { x, y } = stream.at(position);
        const seen = observed(learner, x, y);
        if (seen === undefined) return finish(position);
        tally.loss += seen.loss;
        if (seen.prediction === y) tally.correct++;
      }
      const taskEnded = position % stream.taskLength === 0;
      if (taskEnded) {
        const record = recordOf(tally, task, stream.taskLength);
        records.push(record);
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
    return finish();
  }

  function release(): void {
    try {
      log.close();
    } finally {
      learner.close();
    }
  }

  let outcome: "complete" | "stopped";
  try {
    outcome = go();
  } catch (error) {
    try {
      release();
    } catch {
      // what went wrong first is what is told
    }
    throw error;
  }
  release();
  return outcome;
}

/** What the learner said and learned; undefined when its loss is not finite, and nothing has been learned. */
function observed(learner: Learner, x: Float32Array, y: number): Observation | undefined {
  try {
    return learner.observe(x, y);
  } catch (error) {
    // The stream's numbers are finite and its labels are classes: no other value can be refused.
    if (error instanceof ValueError) return undefined;
    throw error;
  }
}

function mustBeOurs(folder: string, engine: unknown): void {
  if (engine === undefined || engine === engineVersion()) return;
  throw new RunError(
    `${folder}: begun with plastica ${engine}, this is ${engineVersion()}: it would not end in the same bits; begin it anew in another folder`,
  );
}

function beginTask(tally: Tally, learner: Learner, stream: Stream, position: number): void {
  tally.correct = 0;
  tally.loss = 0;
  tally.dormant = dormantShares(learner, stream, position, Math.min(PROBE, stream.taskLength));
}

function recordOf({ correct, loss, dormant, births, deaths }: Tally, task: number, examples: number): TaskRecord {
  return { task, examples, accuracy: correct / examples, loss: loss / examples, dormant, births, deaths };
}

function nextMultiple(n: number, of: number): number {
  return (Math.floor(n / of) + 1) * of;
}

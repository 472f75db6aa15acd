/**
 * How a life is taken up: from its newest snapshot that can be used, or from nothing. What is good is never destroyed: a log
 * that lost what good snapshots count on is told before anything is touched, and what cannot be used is kept under another name.
 */
import { renameSync } from "node:fs";
import { type Learner, readSafetensors, SnapshotError } from "plastica";
import { learnerFromRecipe, type Shape } from "../recipe/learner.ts";
import { type Recipe, runId } from "../recipe/recipe.ts";
import { RunError } from "./errors.ts";
import { EventLog, type EventText } from "./events.ts";
import { eventsPath, learnerFolder, snapshotsPath } from "./paths.ts";
import { type WindowRecord, windowRecords } from "./record.ts";
import { SnapshotStore, type Stored, sealHolds } from "./snapshots.ts";
import { newTally, type Tally } from "./tally.ts";

/** What a snapshot says of itself, beside the network's state. */
export interface Note {
  run: string;
  learner: string;
  position: number;
  eventBytes: number;
  eventCount: number;
  fingerprint: string;
  tally: Tally;
  crc: string;
}

/** A life that can go on: its learner, awake, and its log, open at the same place. */
export interface Awake {
  learner: Learner;
  log: EventLog;
  store: SnapshotStore;
  tally: Tally;
  position: number;
  /** Of the windows that are finished there. */
  records: WindowRecord[];
}

/**
 * The life of the newest usable snapshot, or a new one.
 *
 * @param found what could be read of the learner's log
 * @throws RunError when good snapshots count on more of the log than could be read, or are another recipe's or learner's; then nothing
 *   has been touched
 */
export function wakeOrBegin(
  folder: string,
  recipe: Recipe,
  name: string,
  shape: Shape,
  found: EventText,
  said: (message: string) => void,
): Awake {
  const store = new SnapshotStore(snapshotsPath(folder, name));
  const path = eventsPath(folder, name);
  const stored = store.list();
  const unusable: { stored: Stored; why: string }[] = [];
  let tooShort: RunError | undefined;
  for (const one of stored) {
    // A snapshot that failed its fingerprint has left its state behind, so each is tried on a new learner.
    const learner = learnerFromRecipe(recipe, name, shape);
    try {
      const { position, tally, eventBytes, eventCount } = wake(learner, one, store, runId(recipe), name);
      if (eventBytes <= found.bytes) {
        setAside(unusable, store, name, said);
        if (tooShort !== undefined) said(`${name}: ${tooShort.message}; going on from ${one.path}, which does not`);
        const log = new EventLog(path, eventBytes, eventCount);
        return { learner, log, store, tally, position, records: windowRecords(found.events.slice(0, eventCount)) };
      }
      tooShort ??= new RunError(`${path}: ${found.bytes} bytes can be read, and ${one.path} counts on ${eventBytes}`);
    } catch (error) {
      learner.close();
      if (!(error instanceof SnapshotError)) throw error;
      unusable.push({ stored: one, why: error.message });
      continue;
    }
    learner.close();
  }
  if (tooShort !== undefined) {
    throw new RunError(
      `${tooShort.message}: the log is damaged, the snapshots are good. Put the log back from a copy, or remove ${learnerFolder(folder, name)} to live this learner anew`,
    );
  }
  setAside(unusable, store, name, said);
  if (unusable.length > 0 && found.bytes > 0) {
    renameSync(path, `${path}.damaged`);
    said(`${name}: no snapshot is left that can be used; beginning anew. What was logged is kept in ${path}.damaged`);
  }
  const log = new EventLog(path, 0, 0);
  return { learner: learnerFromRecipe(recipe, name, shape), log, store, tally: newTally(), position: 0, records: [] };
}

function setAside(
  unusable: readonly { stored: Stored; why: string }[],
  store: SnapshotStore,
  name: string,
  said: (message: string) => void,
): void {
  for (const { stored, why } of unusable) {
    store.setAside(stored);
    said(`${name}: ${stored.path} cannot be used (${why}); falling back to the one before`);
  }
}

function wake(learner: Learner, stored: Stored, store: SnapshotStore, run: string, name: string): Note {
  const bytes = store.read(stored);
  mustBeOf(run, name, stored, bytes); // a learner of another recipe would only find the snapshot unusable
  const note = learner.restore(bytes) as Note;
  if (!sealHolds(note)) throw new SnapshotError("its note is damaged");
  const fingerprint = learner.fingerprint();
  if (fingerprint !== note.fingerprint) {
    throw new SnapshotError(`its state has the fingerprint ${fingerprint}, must be ${note.fingerprint}`);
  }
  return note;
}

/** Throws RunError for a snapshot whose note, where it is whole, names another run or learner. */
function mustBeOf(run: string, name: string, { path }: Stored, bytes: Uint8Array): void {
  const { metadata } = readSafetensors(bytes);
  const note = parsed(metadata.note);
  if (!sealHolds(note)) return;
  const of = note as Note;
  if (of.run === run && of.learner === name) return;
  throw new RunError(`${path}: is of ${of.run}/${of.learner}, must be of ${run}/${name}`);
}

function parsed(text = "null"): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

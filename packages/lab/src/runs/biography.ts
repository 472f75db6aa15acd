/**
 * The life of one neuron, told from what a run has logged of it: where it came from, what was decided about it and by what evidence, what happened
 * to it, how it ended. The log must hold every event (`"events": "all"` in the recipe).
 */
import { readFileSync } from "node:fs";
import {
  type Born,
  type Decided,
  type Died,
  type LifeEvent,
  type Network,
  readSafetensors,
  type Tensor,
  ValueError,
} from "plastica";
import { learnerFromRecipe } from "../recipe/learner.ts";
import { RunError } from "./errors.ts";
import { type LoggedEvent, readEvents } from "./events.ts";
import { eventsPath, snapshotsPath } from "./paths.ts";
import { begunRecord } from "./record.ts";
import type { Run } from "./run.ts";
import { storedIn } from "./snapshots.ts";

export interface Biography {
  readonly learner: string;
  readonly neuron: number;
  readonly population: string;
  readonly born: {
    /** Updates made before. */
    readonly step: number;
    /** Absent: a founder, there when the network was built. */
    readonly cause?: string;
    readonly parent?: number;
    readonly decided?: Decided;
  };
  /** Those that were made from it. */
  readonly children: readonly number[];
  /** What happened to it, or to all of its layer, in order. */
  readonly happened: readonly { readonly step: number; readonly cause: string; readonly what: string }[];
  /** Absent: it lives. */
  readonly died?: {
    readonly step: number;
    readonly cause: string;
    readonly utility?: number;
    /** The neuron that took its place, where one did. */
    readonly successor?: number;
    readonly decided?: Decided;
  };
  /** Updates that it has lived through, as far as is known. */
  readonly age: number;
  /** As the newest snapshot has it, where the policy keeps one; of the dead, what was held against them. */
  readonly utility?: number;
}

/** What was decided in a life, kept or not, in order. */
export function decisionsOf({ folder }: Run, learner: string): Decided[] {
  return decisionsIn(readEvents(eventsPath(folder, learner)).events);
}

/** Those among a log's events. */
export function decisionsIn(events: readonly LoggedEvent[]): Decided[] {
  return events.filter(({ type }) => type === "decided") as unknown as Decided[];
}

/**
 * One neuron's life.
 *
 * @throws ValueError when the run has no such learner or the learner never had such a neuron; RunError when its log does not hold what
 * happened, or nothing is logged yet
 */
export function biographyOf(run: Run, learner: string, neuron: number): Biography {
  const { recipe, id } = run;
  if (!Object.hasOwn(recipe.learners, learner))
    throw new ValueError(`learner "${learner}": ${id} has ${Object.keys(recipe.learners).join(", ")}`);
  if (recipe.events !== "all")
    throw new RunError(
      `${id}: its log holds windows and decisions only; a neuron's life is told where the recipe says "events": "all"`,
    );
  if (recipe.learners[learner].afresh)
    throw new RunError(`${id}: ${learner} is another network in each task, and ids begin again with it`);
  const { events } = readEvents(eventsPath(run.folder, learner));
  const begun = begunRecord(events);
  if (begun === undefined) throw new RunError(`${id}: nothing is logged of ${learner} yet`);
  const founder = learnerFromRecipe(recipe, learner, begun);
  try {
    return tell(run, learner, neuron, { events: events as unknown as LifeEvent[], network: founder.network });
  } finally {
    founder.close();
  }
}

interface Sources {
  readonly events: readonly LifeEvent[];
  /** As it was at birth. */
  readonly network: Network;
}

function tell(run: Run, learner: string, neuron: number, { events, network }: Sources): Biography {
  const bornAt = events.findIndex((event) => event.type === "born" && event.neurons.includes(neuron));
  const birth = events[bornAt] as Born | undefined;
  const population =
    birth?.population ?? network.populations.find((one) => one.neurons.some(({ id }) => id === neuron))?.name;
  if (population === undefined)
    throw new ValueError(
      `neuron ${neuron}: ${learner} of ${run.id} never had it; founders are 0 to ${network.nextId - 1}, and each birth is in the log`,
    );
  const diedAt = events.findIndex((event) => event.type === "died" && event.neurons.includes(neuron));
  const death = events[diedAt] as Died | undefined;
  const life = events.slice(Math.max(0, bornAt + 1), diedAt < 0 ? events.length : diedAt);
  const last = newest(run, learner, population, neuron);
  const born = birth?.step ?? 0;
  const end = death?.step ?? Math.max(last?.step ?? 0, ...events.flatMap(({ step }) => step ?? []));
  const utility = death?.utility?.[death.neurons.indexOf(neuron)] ?? last?.utility;
  const parent = birth?.parents?.[birth.neurons.indexOf(neuron)];
  return {
    ...{ learner, neuron, population },
    born: {
      step: born,
      ...(birth
        ? { cause: birth.cause, ...optional("parent", parent), ...optional("decided", decisionOn(events, bornAt)) }
        : {}),
    },
    children: events.flatMap((event) =>
      event.type === "born" ? event.neurons.filter((_, i) => event.parents?.[i] === neuron) : [],
    ),
    happened: life.flatMap((event) => {
      const what = told(event, population, network);
      return what === undefined ? [] : [{ step: event.step, cause: event.cause, what }];
    }),
    ...(death
      ? {
          died: {
            ...{ step: death.step, cause: death.cause },
            ...optional("utility", utility),
            ...optional("successor", successorOf(events, diedAt, neuron)),
            ...optional("decided", decisionOn(events, diedAt)),
          },
        }
      : {}),
    age: end - born,
    ...optional("utility", utility),
  };
}

function optional<K extends string, V>(name: K, value: V | undefined): { [name in K]?: V } {
  return (value === undefined ? {} : { [name]: value }) as { [name in K]?: V };
}

/**
 * The decision that a birth or death is of, of the same step and cause: the last one before that was not on another layer; else, since
 * some policies say only afterwards what came of it, the first one after.
 */
function decisionOn(events: readonly LifeEvent[], at: number): Decided | undefined {
  const { step, cause, population } = events[at] as Born | Died;
  const kept = (event: LifeEvent): event is Decided =>
    event.type === "decided" && event.step === step && event.cause === cause && event.outcome === "kept";
  const before = events.slice(0, at).filter(kept);
  return before.findLast((one) => (one.population ?? population) === population) ?? events.slice(at).find(kept);
}

/** Where as many were born in the same place and step, right after, each took the slot of one of the dead. */
function successorOf(events: readonly LifeEvent[], at: number, neuron: number): number | undefined {
  const [death, next] = [events[at], events[at + 1]];
  if (death.type !== "died" || next?.type !== "born") return undefined;
  const same = next.population === death.population && next.step === death.step && next.cause === death.cause;
  return same && next.neurons.length === death.neurons.length ? next.neurons[death.neurons.indexOf(neuron)] : undefined;
}

/** What an event was to the neurons of a population; undefined where it was nothing. */
function told(event: LifeEvent, population: string, { projections }: Network): string | undefined {
  const concerns = (name: string) =>
    name === population ||
    projections.some((one) => one.name === name && (one.pre.name === population || one.post.name === population)) ||
    name.startsWith(`${population}-`) ||
    name.endsWith(`-${population}`);
  switch (event.type) {
    case "rewired":
      if (!concerns(event.projection)) return undefined;
      return `${event.projection} rewired: ${event.pruned} synapses pruned, ${event.grown} grown`;
    case "frozen":
    case "thawed":
      return concerns(event.of) ? `${event.of} ${event.type}: ${event.count} synapses` : undefined;
    case "consolidated":
      if (!concerns(event.of)) return undefined;
      return `${event.of} consolidated: ${event.count} synapses learn ${event.plasticity} times as much`;
    case "treated":
      if (event.of !== undefined && !concerns(event.of)) return undefined;
      return `${event.of ?? "the whole network"} ${event.treatment}`;
    default:
      return undefined;
  }
}

/** What the newest snapshot knows of a living neuron. */
function newest({ folder }: Run, learner: string, population: string, neuron: number) {
  const [stored] = storedIn(snapshotsPath(folder, learner));
  if (stored === undefined) return undefined;
  const { metadata, tensors } = readSafetensors(readFileSync(stored.path));
  const slot = tensors.get(`${population}/id`)?.data.indexOf(neuron) ?? -1;
  const { step } = JSON.parse(metadata.plastica) as { step: number };
  if (slot < 0) return { step };
  const kept = [...tensors].find(([name]) => name.startsWith(`${population}/`) && name.endsWith(".utility"));
  return { step, ...optional("utility", (kept?.[1] as Tensor | undefined)?.data[slot]) };
}

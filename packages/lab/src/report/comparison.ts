/**
 * A comparison: methods side by side, each with the lives that it had with several seeds. Plain data: what pages, Markdown, CSV and
 * Parquet are made of, and nothing else.
 */
import { ValueError } from "plastica";
import { measureNamed, measures } from "../metrics/measure.ts";
import type { Protocol } from "../protocols/protocol.ts";
import { canonical, hashOf } from "../recipe/canonical.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { Machine } from "../runs/machine.ts";
import type { EndRecord, WindowRecord } from "../runs/record.ts";
import { type Run, stateOf } from "../runs/run.ts";
import { fitOf } from "./fit.ts";
import { tellingApart } from "./telling-apart.ts";

/** One life of a method. */
export interface ComparedLife {
  readonly seed: number;
  /** The run's id. */
  readonly run: string;
  /** Of the final state. Absent while the life lasts. */
  readonly fingerprint?: string;
  readonly seconds: number;
  readonly windows: readonly WindowRecord[];
  /** Absent while the life lasts. */
  readonly end?: EndRecord;
  /** Of the network trained afresh with the same seed, where that is among the runs: for regret. */
  readonly afresh?: readonly WindowRecord[];
}

export interface ComparedMethod {
  readonly name: string;
  /** Equal for methods that lived on the same stream: they alone are held against each other. Absent: there is one stream only. */
  readonly stream?: string;
  readonly lives: readonly ComparedLife[];
}

export interface Comparison {
  readonly title: string;
  /** The protocol that all of it follows: its published numbers stand beside. */
  readonly protocol?: Protocol;
  /** Names in `measures`; the first decides. */
  readonly measures: readonly string[];
  readonly methods: readonly ComparedMethod[];
  /** What makes all of it again, as typed in a terminal. */
  readonly command: string;
  /** The engines and machines that the lives were lived with, each once. */
  readonly made?: readonly Made[];
}

/** What a life was lived with. */
export interface Made {
  readonly engine: string;
  readonly machine?: Machine;
}

export interface ComparisonOptions {
  /** Default: the protocol's, or the recipes' names. */
  readonly title?: string;
  /** Default: the protocol's; else what is known of all lives, accuracy or loss at the end first. */
  readonly measures?: readonly string[];
  /** Default: `npx plastica compare` with the runs' ids. */
  readonly command?: string;
}

/**
 * The comparison of runs as they are in their folders, finished or not. Lives of one recipe and learner that differ in their seed
 * alone are one method, named by the learner; where recipes have several names, by recipe and learner.
 *
 * @throws ValueError for no run, or a measure that there is not
 */
export function comparisonOf(runs: readonly Run[], options: ComparisonOptions = {}): Comparison {
  if (runs.length === 0) throw new ValueError("comparison: no runs, must be at least one");
  const once = [...new Map(runs.map((run) => [run.id, run])).values()];
  const fits = once.map(({ recipe }) => fitOf(recipe));
  const protocol = fits.every((fit) => fit !== undefined && fit.protocol.name === fits[0]?.protocol.name)
    ? fits[0]?.protocol
    : undefined;
  const names = [...new Set(once.map(({ recipe }) => recipe.name))];
  const found = withAfresh(once.flatMap((run, i) => livesIn(run, names.length > 1, protocol && fits[i]?.methods)));
  const methods = methodsOf(found);
  const command = options.command ?? `npx plastica compare ${once.map(({ id }) => id).join(" ")}`;
  const asked = options.measures ?? protocol?.measures ?? usualMeasures(methods);
  return {
    title: options.title ?? protocol?.title ?? names.join(", "),
    ...(protocol === undefined ? {} : { protocol }),
    measures: asked.map((name) => measureNamed(name).name),
    methods,
    command,
    made: [...new Map(found.map(({ made }) => [JSON.stringify(made), made])).values()],
  };
}

interface Found {
  readonly name: string;
  /** Whatever has a say in what the life comes to, its seed aside: lives of one kind are one method. */
  readonly kind: object;
  readonly stream: string;
  readonly life: ComparedLife;
  readonly made: Made;
  /** Equal for lives that saw the same, in the same windows: these can be held against each other window by window. */
  readonly seen: string;
  /** It begins each task as a new network. */
  readonly afresh: boolean;
}

/** Gives every life the windows of the network trained afresh on the same stream with the same seed, where there is one. */
function withAfresh(found: readonly Found[]): Found[] {
  const fresh = new Map(found.filter(({ afresh }) => afresh).map(({ seen, life }) => [seen, life.windows]));
  return found.map((one) => {
    const afresh = fresh.get(one.seen);
    return afresh === undefined ? one : { ...one, life: { ...one.life, afresh } };
  });
}

function livesIn(run: Run, full: boolean, methods: Readonly<Record<string, string>> | undefined): Found[] {
  const { recipe, id } = run;
  const { stream, window, batch, seed } = recipe;
  return Object.entries(stateOf(run).learners).map(([learner, { windows, end, timing, begun }]) => {
    const named = methods?.[learner] ?? learner;
    const machine = timing?.machine;
    return {
      name: full ? `${recipe.name} ${named}` : named,
      kind: kindOf(recipe, learner),
      // All tasks at once (joint) are the same examples: the ceiling that those who see one task after the other are held against.
      stream: canonical({ ...stream, joint: undefined }),
      life: {
        ...{ seed, run: id, seconds: (timing?.seconds ?? []).reduce((sum, s) => sum + s, 0), windows },
        ...(end === undefined ? {} : { fingerprint: end.fingerprint, end }),
      },
      seen: canonical({ stream, window, batch, seed }),
      afresh: recipe.learners[learner].afresh,
      made: { engine: begun?.engine ?? machine?.engine ?? "unknown", ...(machine === undefined ? {} : { machine }) },
    };
  });
}

function kindOf({ stream, network, batch, window, arithmetic, learners }: Recipe, learner: string): object {
  return { stream, network, batch, window, arithmetic, learner: learners[learner] };
}

/**
 * Stream by stream, each in the order in which it was first found, as are the methods; lives by seed. Methods of one name are told
 * apart by the options that differ, or by a hash where these are many.
 */
function methodsOf(found: readonly Found[]): ComparedMethod[] {
  const groups = Map.groupBy(found, ({ name, kind }) => JSON.stringify([name, hashOf(kind)]));
  const alike = [...Map.groupBy([...groups.values()], ([{ name }]) => name).values()];
  const names = new Map(alike.flatMap((group) => namesOf(group).map((name, i) => [group[i], name] as const)));
  const methods = [...groups.values()].map((group): ComparedMethod => {
    const lives = [...new Map(group.map(({ life }) => [life.seed, life])).values()];
    return { name: names.get(group)!, stream: group[0].stream, lives: lives.sort((a, b) => a.seed - b.seed) };
  });
  return [...Map.groupBy(methods, ({ stream }) => stream).values()].flat();
}

/** The names of methods that have one in common. */
function namesOf(groups: readonly (readonly Found[])[]): string[] {
  const all = groups.map(([{ name }]) => name);
  if (groups.length === 1) return all;
  const kinds = groups.map(([{ kind }]) => kind);
  const apart = tellingApart(kinds) ?? kinds.map((kind) => hashOf(kind).slice(0, 6));
  return all.map((name, i) => `${name} (${apart[i]})`);
}

const CLASSES = ["average-accuracy", "forgetting", "end-accuracy", "online-accuracy", "dormant"];
const VALUES = ["end-loss", "online-loss", "least-loss", "dormant"];

/** Of the usual measures those that some life has a number for. */
function usualMeasures(methods: readonly ComparedMethod[]): string[] {
  const lives = methods.flatMap((method) => method.lives);
  const hasClasses = lives.some(({ windows }) => windows.some(({ accuracy }) => accuracy !== undefined));
  const usual = hasClasses ? CLASSES : VALUES;
  const known = usual.filter((name) => lives.some((life) => measures[name].of(life) !== undefined));
  return known.length === 0 ? [hasClasses ? "end-accuracy" : "end-loss"] : known;
}

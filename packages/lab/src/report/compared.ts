/** The numbers of a comparison: every method's by every measure, with intervals, and what may be said of the deciding one. */
import { type Measure, measureNamed } from "../metrics/measure.ts";
import { formatted } from "../metrics/unit.ts";
import type { Published } from "../protocols/protocol.ts";
import { type ComparedPair, compare, type GroupSummary } from "../statistics/compare.ts";
import type { Group } from "../statistics/comparison.ts";
import type { Interval } from "../statistics/sample.ts";
import type { ComparedMethod, Comparison } from "./comparison.ts";
import { capital, count, listed, several } from "./numbers.ts";
import type { Beside } from "./published.ts";

export interface Compared {
  /** The first decides. */
  readonly measures: readonly Measure[];
  /** By measure, then by method, in the comparison's order. */
  readonly summaries: readonly (readonly GroupSummary[])[];
  /** By the deciding measure, stream by stream; each with the best there. */
  readonly verdicts: readonly ComparedPair[];
  /** The best by the deciding measure, of each stream where one has a number; of several streams, only where it is not alone. */
  readonly best: readonly GroupSummary[];
}

export function comparedBy({ measures: names, methods }: Comparison): Compared {
  const measures = names.map(measureNamed);
  const streams = streamsOf(methods).map((on) =>
    compare(groupsOf(on, measures[0]), { measure: measures[0], against: "best" }),
  );
  const deciding = new Map(streams.flatMap(({ groups }) => groups.map((group) => [group.name, group])));
  const others = measures.slice(1).map((measure) => {
    // One at a time: their intervals are wanted, not their differences.
    return groupsOf(methods, measure).map((group) => compare([group], { measure }).groups[0]);
  });
  return {
    measures,
    summaries: [methods.map(({ name }) => deciding.get(name)!), ...others],
    verdicts: streams.flatMap(({ comparisons }) => comparisons),
    best: streams.flatMap(({ groups }) =>
      streams.length > 1 && groups.length === 1 ? [] : bestOf(groups, measures[0]),
    ),
  };
}

/** Methods by the stream that they lived on. */
function streamsOf(methods: readonly ComparedMethod[]): ComparedMethod[][] {
  return [...Map.groupBy(methods, ({ stream }) => stream).values()];
}

/** The best of those with a number, if there is one. */
function bestOf(groups: readonly GroupSummary[], { better }: Measure): GroupSummary[] {
  const sign = better === "higher" ? 1 : -1;
  const rated = groups.filter(({ mean }) => mean !== undefined);
  return rated.toSorted((a, b) => sign * ((b.mean ?? 0) - (a.mean ?? 0))).slice(0, 1);
}

/** Each method's values by a measure, as comparisons take them. */
export function groupsOf(methods: readonly ComparedMethod[], measure: Measure): Group[] {
  return methods.map(({ name, lives }) => ({
    name,
    values: lives.map((life) => ({ seed: life.seed, value: measure.of(life) })),
  }));
}

/** What a comparison comes to, in sentences: the best, every other against it, and what is missing. */
export function comparisonSentences(
  comparison: Comparison,
  { measures: [measure], summaries: [groups], verdicts, best }: Compared,
): string[] {
  const title = measure.title.toLowerCase();
  const streams = streamsOf(comparison.methods).length;
  return [
    ...(streams === 1
      ? []
      : [`The methods lived on ${count(streams)} streams; each is held against those on the same one alone.`]),
    ...(groups.every(({ mean }) => mean === undefined) ? [`No method has a number for "${title}" yet.`] : []),
    ...best.map(
      (one) =>
        `${capital(title)}: best was ${one.name} with ${intervalText(measure, one)}, mean of ${several(one.n, "seed")}.`,
    ),
    // Too few seeds are too few for all of them, in the same words.
    ...new Set(verdicts.map(({ verdict }) => verdict)),
    ...missing(comparison),
  ];
}

/** Lives that diverged or are not finished: no number of the rest can be read without them. */
function missing({ methods }: Comparison): string[] {
  return methods.flatMap(({ name, lives }) => {
    const diverged = lives.filter(({ end }) => end?.diverged !== undefined);
    const going = lives.filter(({ end }) => end === undefined);
    return [
      ...(diverged.length === 0
        ? []
        : [`${lost(diverged.length, lives.length, name)} diverged (${seedsOf(diverged)}).`]),
      ...(going.length === 0 ? [] : [`${lost(going.length, lives.length, name)} not finished (${seedsOf(going)}).`]),
    ];
  });
}

function lost(n: number, of: number, name: string): string {
  return `${count(n)} of ${count(of)} ${of === 1 ? "life" : "lives"} of ${name}`;
}

function seedsOf(lives: readonly { readonly seed: number }[]): string {
  return `seed${lives.length === 1 ? "" : "s"} ${listed(lives.map(({ seed }) => String(seed)))}`;
}

/** "92.9 % (92.7 to 93.1 %)": a mean and its interval, as far as there are. */
export function intervalText(measure: Measure, { mean, ci }: GroupSummary): string {
  const middle = formatted(measure, mean);
  return ci === undefined ? middle : `${middle} (${rangeText(measure, ci)})`;
}

/** "92.7 to 93.1 %": the unit once, where it is the same. */
export function rangeText(measure: Measure, { low, high }: Interval): string {
  const [from, to] = [formatted(measure, low), formatted(measure, high)].map((text) => text.split(/(?=[\s\u00a0])/));
  const same = from.length === to.length && from.slice(1).join("") === to.slice(1).join("");
  return `${same ? from[0] : from.join("")} to ${to.join("")}`;
}

/** The published numbers of a method by a measure. */
export function publishedOf({ protocol }: Comparison, method: string, measure: Measure): Published[] {
  return (protocol?.published ?? []).filter((one) => one.method === method && one.measure === measure.name);
}

/** Every published number of the protocol with the mean over our seeds, by measures that are not compared too. */
export function publishedBeside({ protocol, methods }: Comparison): Beside[] {
  return (protocol?.published ?? []).map((published) => {
    const measure = measureNamed(published.measure);
    const method = methods.filter(({ name }) => name === published.method);
    const [group] = method.length === 0 ? [] : compare(groupsOf(method, measure), { measure }).groups;
    return { published, name: published.method, ours: group?.mean };
  });
}

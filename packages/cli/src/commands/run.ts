/** `plastica run PROTOCOL`: lives every method of a protocol with every seed, and compares them. */
import {
  mustFit,
  type Protocol,
  protocolNamed,
  protocolRecipe,
  type Recipe,
  several,
  streamKinds,
} from "@plastica/lab";
import { UsageError } from "../failure.ts";
import { outOption, quoted } from "./play.ts";
import { playSweep, type SweepPlayOptions } from "./sweep.ts";

export interface RunOptions extends SweepPlayOptions {
  methods?: string[];
  seeds?: number[];
  tasks?: number;
}

export async function run(name: string, options: RunOptions): Promise<number> {
  const protocol = protocolNamed(name);
  const { measures } = protocol;
  const title = protocol.title + (options.tasks === undefined ? "" : `, ${several(options.tasks, "task")} only`);
  const recipes = recipesOf(protocol, options);
  if (options.tasks !== undefined) await mustFit(recipes[0]); // all have one stream
  return playSweep(recipes, { ...options, name, title, measures, command: lineOf(name, options) });
}

/** Seed by seed, so that the methods can be compared long before all is done. */
function recipesOf(
  protocol: Protocol,
  { methods = Object.keys(protocol.methods), seeds, tasks }: RunOptions,
): Recipe[] {
  if (tasks !== undefined && !Object.hasOwn(streamKinds[protocol.setting.stream.kind].shape, "tasks")) {
    throw new UsageError(`--tasks: the stream of ${protocol.name} has no such option`);
  }
  const all = seeds ?? Array.from({ length: protocol.seeds }, (_, i) => i + 1);
  return all.flatMap((seed) => methods.map((method) => protocolRecipe(protocol, method, { seed, tasks })));
}

/** What to type to do the same again. */
function lineOf(name: string, { methods, seeds, tasks, out }: RunOptions): string {
  return (
    [
      `npx plastica run ${name}`,
      ...(methods === undefined ? [] : [`--methods ${quoted(methods.join(","))}`]),
      ...(seeds === undefined ? [] : [`--seeds ${seedsText(seeds)}`]),
      ...(tasks === undefined ? [] : [`--tasks ${tasks}`]),
    ].join(" ") + outOption(out)
  );
}

/** `20`, `3..7` or `1,5,9`: as it would be typed. */
function seedsText(seeds: readonly number[]): string {
  const [first, last] = [seeds[0], seeds[seeds.length - 1]];
  if (seeds.length === 1) return `${first}..${first}`;
  if (!seeds.every((seed, i) => seed === first + i)) return seeds.join(",");
  return first === 1 ? String(last) : `${first}..${last}`;
}

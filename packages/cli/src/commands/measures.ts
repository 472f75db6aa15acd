/** `plastica measures`: the numbers that runs are compared by. */
import { measureNamed, measures } from "@plastica/lab";
import { print, say } from "../output.ts";
import { aligned } from "../screen/lines.ts";
import { paintFor } from "../screen/paint.ts";

export function listMeasures({ json }: { json?: boolean }): number {
  const all = [...Object.values(measures), ...["examples-to-accuracy-0.9", "examples-to-loss-0.1"].map(measureNamed)];
  const told = all.map(({ name, title, unit, better }) => ({ name, title, unit, better }));
  if (json) {
    say(told);
    return 0;
  }
  const { bold, dim } = paintFor(process.stdout);
  const rows = told.map(({ name, title, unit, better }) => [bold(name), title, dim(unit), dim(`${better} is better`)]);
  print(...aligned(rows, 4));
  return 0;
}

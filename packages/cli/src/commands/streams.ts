/** `plastica streams`: the kinds of streams that a recipe can name. */
import { didYouMean, type OptionText, optionTexts, streamKinds } from "@plastica/lab";
import { UsageError } from "../failure.ts";
import { columns, print, say } from "../output.ts";
import { aligned } from "../screen/lines.ts";
import { type Paint, paintFor, wrapped } from "../screen/paint.ts";

export function listStreams(kind: string | undefined, { json }: { json?: boolean }): number {
  const names = Object.keys(streamKinds);
  if (kind !== undefined && !names.includes(kind)) {
    throw new UsageError(`${kind}: no kind of stream${didYouMean(kind, names)} (known: ${names.join(", ")})`);
  }
  const told = (kind === undefined ? names : [kind]).map((name) => ({
    kind: name,
    about: streamKinds[name].about,
    options: optionTexts(streamKinds[name]),
  }));
  if (json) {
    say(told);
    return 0;
  }
  const paint = paintFor(process.stdout);
  for (const { kind, about, options } of told) {
    print(paint.bold(kind), ...wrapped(about, columns() - 4).map((line) => `  ${line}`), ...table(options, paint), "");
  }
  return 0;
}

function table(options: readonly OptionText[], paint: Paint): string[] {
  if (options.length === 0) return [];
  const names = Math.max(...options.map(({ name }) => name.length));
  const room = columns() - names - 8;
  return options.flatMap(({ name, what, default: usual, required }) => {
    const rest = required ? "; must be given" : usual === undefined ? "" : `; default ${JSON.stringify(usual)}`;
    return aligned(
      wrapped(what + rest, room).map((line, i) => [
        `    ${i === 0 ? name : ""}`.padEnd(names + 4),
        i === 0 ? line : paint.dim(line),
      ]),
      2,
    );
  });
}

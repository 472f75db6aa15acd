/** The options and arguments that several commands share, and how they are read. */
import { InvalidArgumentError, Option } from "commander";

/** The folder of all runs. */
export const out = () => new Option("--out <folder>", "where runs are kept").default("runs");

export const json = () => new Option("--json", "one JSON value instead of words");

/** An integer from `least`. */
export function whole(least: number): (text: string) => number {
  return (text) => {
    const n = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!Number.isSafeInteger(n) || n < least) throw new InvalidArgumentError(`It must be an integer from ${least}.`);
    return n;
  };
}

/** Words with commas between. */
export function words(text: string): string[] {
  const found = text.split(",").map((word) => word.trim());
  if (found.includes("")) throw new InvalidArgumentError("It must be names with commas between, such as a,b.");
  return [...new Set(found)];
}

/** `20`: the seeds 1 to 20. `3..7`: those. Also several with commas between: `1,5,9..12`. */
export function seeds(text: string): number[] {
  const pieces = text.split(",");
  const found = pieces.flatMap((piece) => {
    const [, first, last] = /^(\d{1,15})(?:\.\.(\d{1,15}))?$/.exec(piece.trim()) ?? [];
    const [from, to] = last !== undefined ? [first, last] : pieces.length === 1 ? ["1", first] : [first, first];
    const count = Number(to) - Number(from) + 1;
    if (first === undefined || !(count >= 1 && count <= 10_000)) {
      throw new InvalidArgumentError("It must be a number of seeds, such as 20, or seeds, such as 3..7 or 1,5,9.");
    }
    return Array.from({ length: count }, (_, i) => Number(from) + i);
  });
  return [...new Set(found)];
}

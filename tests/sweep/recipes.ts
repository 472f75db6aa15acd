/**
 * Small lives in which much happens: noise, births and deaths, several windows and snapshots within them; each fourth over a table, with
 * batches that no window's end divides, and with rows held out to be tested with.
 */
import { writeFileSync } from "node:fs";
import { integer, key } from "plastica";
import { type Recipe, readRecipe } from "../../packages/lab/src/recipe/recipe.ts";

const ROWS = 400;
const SHARE = 0.25;
const SPECIES = ["finch", "heron", "wren"];

/** Writes the table that the lives learn from. */
export function writeTable(path: string): void {
  const rows = Array.from({ length: ROWS }, (_, n) => {
    const [length, width, kind] = [0, 1, 2].map((column) => integer(key(1, "birds", column), n, column < 2 ? 40 : 3));
    const species = SPECIES[(Math.floor((length + width) / 27) + (n % 11 === 0 ? 1 : 0)) % 3];
    return `${length / 20 - 1},${width / 20 - 1},${["shore", "wood", "field"][kind]},${species}\n`;
  });
  writeFileSync(path, `length,width,place,species\n${rows.join("")}`);
}

/** One for each seed from 1 to `seeds`, of `examples` examples or a few more; `table` is the path of what `writeTable` wrote. */
export function smallLives(seeds: number, examples: number, table: string): Recipe[] {
  return Array.from({ length: seeds }, (_, i) =>
    readRecipe({
      name: "small",
      seed: i + 1,
      ...(i % 4 === 3 ? overTable(examples, table) : overTasks(examples)),
      network: { hidden: [6] },
      learners: {
        plastic: {
          rule: "adam",
          terms: ["shrink-and-perturb"],
          structure: [{ kind: "continual-backprop", replacementRate: 0.02, maturity: 10 }],
        },
      },
      snapshotEvery: 170,
      events: "all",
    }),
  );
}

function overTasks(examples: number): object {
  return { stream: { kind: "slowly-changing-regression", tasks: 4, examplesPerTask: Math.ceil(examples / 4) } };
}

function overTable(examples: number, path: string): object {
  const passes = Math.ceil(examples / (ROWS * (1 - SHARE)));
  return { batch: 7, window: 250, stream: { kind: "table", path, shuffle: true, passes, tests: SHARE } };
}

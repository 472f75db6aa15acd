/**
 * Lives drawn by lot, each lived out: what no one thought of trying together, is tried. A life that is not as it should be is told with its seed, by
 * which it comes again.
 *
 *     npm run test:lives -- [--from 0] [--lives 1000]
 *
 * Takes about three minutes. Exit code 0 when all is well, else 1.
 */
import { parseArgs } from "node:util";
import { drawLife } from "./draw.ts";
import { liveOut } from "./live.ts";

const { values } = parseArgs({
  options: { from: { type: "string", default: "0" }, lives: { type: "string", default: "1000" } },
});
const [from, lives] = [Number(values.from), Number(values.lives)];
if (!Number.isSafeInteger(from) || from < 0) throw new Error(`--from is ${values.from}: a whole number from 0`);
if (!Number.isSafeInteger(lives) || lives < 1) throw new Error(`--lives is ${values.lives}: a whole number from 1`);

const counts = { lived: 0, refused: 0, diverged: 0, wrong: 0 };
for (let seed = from; seed < from + lives; seed++) {
  const life = drawLife(seed);
  const outcome = liveOut(life);
  counts[typeof outcome === "string" ? outcome : "wrong"]++;
  if (typeof outcome !== "string") process.stdout.write(`life ${seed}: ${life.told()}\n${outcome.wrong}\n\n`);
}
process.stdout.write(
  `${Object.entries(counts)
    .map(([what, n]) => `${n} ${what}`)
    .join(", ")}\n`,
);
if (counts.wrong > 0) process.exitCode = 1;

// What the two JavaScript peers share: reading the work, taking the time, printing the line. Time is taken as in measure.ts: a
// warm-up of 0.7 seconds, then the median of ten pieces, and of so many runs the best. In their favour they are given the
// images once, before the clock starts; their pieces have a tenth of the steps, because they need ten and a hundred times as long.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const [folder, workloads, runs] = process.argv.slice(2);
const WARM_UP = 700; // milliseconds
const PIECES = 10;

/** The first images of the input, and their classes, as flat arrays. */
export function firstImages(count) {
  const x = readFileSync(join(folder, "x.f32"));
  const y = readFileSync(join(folder, "y.u8"));
  return {
    x: new Float32Array(x.buffer.slice(x.byteOffset, x.byteOffset + count * 784 * 4)),
    y: Uint8Array.from(y.subarray(0, count)),
  };
}

/** Classes as rows of zeros with a one. */
export function oneHot(classes, width) {
  const rows = new Float32Array(classes.length * width);
  classes.forEach((c, i) => {
    rows[i * width + c] = 1;
  });
  return rows;
}

/**
 * Times each workload. `begin(work)` answers with `step()`, which may return before the work is done, and
 * `finish()`, which waits for it; or with undefined, where the peer cannot do this one.
 */
export async function run(engine, begin) {
  for (const work of JSON.parse(readFileSync(workloads, "utf8"))) {
    const made = begin(work);
    if (!made) continue;
    const warm = performance.now() + WARM_UP;
    do {
      made.step();
      await made.finish();
    } while (performance.now() < warm);
    const steps = Math.max(1, Math.round(work.steps / 10 / PIECES));
    let seconds = Number.POSITIVE_INFINITY;
    for (let run = 0; run < Number(runs); run++) seconds = Math.min(seconds, await medianPiece(made, steps));
    const weights = work.layers.slice(1).reduce((sum, width, i) => sum + width * work.layers[i], 0);
    const gflops = (6 * weights * work.batch) / seconds / 1e9;
    const line = {
      engine,
      threads: 1,
      workload: work.name,
      us_per_step: +(seconds * 1e6).toFixed(1),
      gflops: +gflops.toFixed(2),
    };
    console.log(JSON.stringify(line));
  }
}

/** Seconds a step: the median of ten pieces of so many steps. */
async function medianPiece({ step, finish }, steps) {
  const pieces = [];
  for (let piece = 0; piece < PIECES; piece++) {
    const start = performance.now();
    for (let i = 0; i < steps; i++) step();
    await finish();
    pieces.push((performance.now() - start) / 1000 / steps);
  }
  pieces.sort((a, b) => a - b);
  return (pieces[PIECES / 2 - 1] + pieces[PIECES / 2]) / 2;
}

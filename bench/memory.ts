/**
 * What a life holds in memory: npm run bench:memory -- [--json] [--steps 1000000]
 *
 * First a large network under Adam: what it adds to the process, against the bytes of its weights and their state. Then a
 * small one that learns online for a million steps while neurons are replaced, born and removed: memory must not rise.
 */
import { parseArgs } from "node:util";
import {
  adam,
  backprop,
  continualBackprop,
  crossEntropy,
  dense,
  key,
  live,
  type Network,
  relu,
  sequential,
  sgd,
  uniform,
} from "plastica";
import { benchInputs } from "./inputs.ts";
import { wholeOption } from "./options.ts";

const { values: options } = parseArgs({
  options: { json: { type: "boolean", default: false }, steps: { type: "string", default: "1000000" } },
});
const steps = wholeOption("steps", options.steps, 10);
const MB = 1024 * 1024;

/** V8's own heap breathes by about this much from one look to the next. */
const BREATH = 4;

/** Resident bytes of this process, garbage not counted. */
async function resident(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    (globalThis as { gc?: () => void }).gc?.();
    await new Promise((later) => setTimeout(later, 20));
  }
  return process.memoryUsage.rss();
}

/** Bytes of everything that is learned or remembered: each synapse's and each neuron's columns, live ones only. */
function stateBytes({ projections, populations }: Network): number {
  const of = ({ names, planes, rows, lanes }: Network["projections"][number]["columns"]): number =>
    4 * names.length * planes * rows * lanes;
  return [...projections, ...populations].reduce((sum, { columns }) => sum + of(columns), 0);
}

function tell(line: Record<string, string | number>, text: string): void {
  console.log(options.json ? JSON.stringify(line) : text);
}

/**
 * Runs a large network long enough to touch all it has, and compares. Its inputs are drawn, so that nothing but the engine
 * has been in this process before.
 */
async function large(): Promise<void> {
  const x = Float32Array.from({ length: 784 }, (_, i) => uniform(key(1), i));
  const begin = await resident();
  const net = sequential({ inputs: 784, seed: 1 }, [2000, 2000, 2000].map((n) => dense(n, relu())).concat(dense(10)));
  const learner = live(net, { credit: backprop({ loss: crossEntropy() }), rule: adam() });
  for (let i = 0; i < 20; i++) learner.observe(x, i % 10);
  const added = (await resident()) - begin;
  const bytes = stateBytes(net);
  const times = added / bytes;
  tell(
    {
      memory: "large",
      state_mb: +(bytes / MB).toFixed(1),
      added_mb: +(added / MB).toFixed(1),
      times: +times.toFixed(3),
      goal: 1.5,
    },
    `784-2000-2000-2000-10 with Adam: ${(bytes / MB).toFixed(1)} MB of weights and state, the process grew by ${(added / MB).toFixed(1)} MB: ${times.toFixed(2)} times (goal: at most 1.5)`,
  );
  learner.close();
}

/** A long life with births and deaths, its memory looked at ten times. */
async function long(): Promise<void> {
  const { x, y, count } = benchInputs(2000);
  const net = sequential({ inputs: 784, seed: 1 }, [
    dense(100, relu()),
    dense(100, relu()),
    dense(100, relu()),
    dense(10),
  ]);
  const learner = live(net, {
    credit: backprop({ loss: crossEntropy() }),
    rule: sgd({ lr: 0.003 }),
    structure: [continualBackprop({ replacementRate: 1e-3 })],
  });
  let born = 0;
  let died = 0;
  learner.on((event) => {
    if (event.type === "born") born += event.neurons.length;
    else if (event.type === "died") died += event.neurons.length;
  });
  const looks: { step: number; rss: number; arena: number }[] = [];
  for (let i = 1; i <= steps; i++) {
    const at = i % count;
    learner.observe(x.subarray(784 * at, 784 * (at + 1)), y[at]);
    if (i % 500 === 0) {
      // By hand as well: the second hidden layer breathes between 90 and 110 neurons.
      const { neurons } = net.population("hidden2");
      const shrink = Math.floor(i / 10_000) % 2 === 0;
      if (shrink ? neurons.length > 90 : neurons.length >= 110)
        learner.remove("hidden2", [neurons[i % neurons.length].id]);
      else if (neurons.length < 110) learner.grow("hidden2", 1);
    }
    if (i % Math.max(1, Math.floor(steps / 10)) === 0) {
      looks.push({ step: i, rss: await resident(), arena: net.compute.arena.memory.buffer.byteLength });
      if (!options.json) {
        const { rss, arena } = looks[looks.length - 1];
        console.log(
          `  step ${String(i).padStart(8)}: ${(rss / MB).toFixed(1)} MB resident, ${(arena / MB).toFixed(2)} MB arena`,
        );
      }
    }
  }
  const [first, last] = [looks[0], looks[looks.length - 1]];
  const rise = (last.rss - first.rss) / MB;
  tell(
    {
      memory: "long",
      steps,
      born,
      died,
      rise_mb: +rise.toFixed(2),
      arena_rise: last.arena - first.arena,
      goal: BREATH,
    },
    `${steps} steps, ${born} born, ${died} died: resident memory rose by ${rise.toFixed(2)} MB between the first tenth and the end (goal: flat, at most ${BREATH} MB), the arena by ${last.arena - first.arena} bytes`,
  );
  learner.close();
}

await large();
await long();

/**
 * What dropout does to the time of an online step: a dropped neuron is a silent one, whose row is neither read nor written. Each network
 * without dropout and with it, at several rates in all hidden layers, in turns in one run; as shares of the time at rate 0.
 *
 *   npm run bench:dropout [-- --kind dropout --steps 400 --rounds 5]
 */
import { parseArgs } from "node:util";
import {
  backprop,
  crossEntropy,
  type Dropout,
  dense,
  dropouts,
  linear,
  live,
  pytorchDefault,
  relu,
  sequential,
  sgd,
} from "plastica";
import { benchInputs } from "./inputs.ts";
import { best, type Subject } from "./measure.ts";
import { wholeOption } from "./options.ts";

const RATES = [0, 0.2, 0.5, 0.8];
const NETWORKS = [
  [784, 1000, 1000, 10],
  [784, 300, 100, 10],
];

const { values: options } = parseArgs({
  options: {
    kind: { type: "string", default: "dropout" },
    steps: { type: "string", default: "400" },
    rounds: { type: "string", default: "5" },
  },
});
const kinds = Object.entries(dropouts) as [string, (options: { rate: number }) => Dropout][];
const kind = kinds.find(([name]) => name === options.kind)?.[1];
if (!kind) throw new Error(`--kind ${options.kind}: ${kinds.map(([name]) => name).join(", ")}`);
const [steps, rounds] = [wholeOption("steps", options.steps, 10), wholeOption("rounds", options.rounds)];
const { x, y, count, name } = benchInputs(2000);
console.error(`input: the first ${count} images of ${name}; ${options.kind}, one example a step, one thread`);

for (const [inputs, ...sizes] of NETWORKS) {
  const subject = (dropout?: Dropout): Subject => ({
    steps,
    prepare() {
      const initialiser = pytorchDefault();
      const layers = sizes.map((size, i) =>
        i < sizes.length - 1 ? dense(size, relu(), { initialiser, dropout }) : dense(size, linear(), { initialiser }),
      );
      const learner = live(sequential({ inputs, seed: 1, threads: 1 }, layers), {
        credit: backprop({ loss: crossEntropy() }),
        rule: sgd({ lr: 0.01 }),
      });
      return {
        step: (i) => void learner.observe(x.subarray((i % count) * inputs, ((i % count) + 1) * inputs), y[i % count]),
        close: () => learner.close(),
      };
    },
  });
  const [without, ...times] = best([subject(), ...RATES.map((rate) => subject(kind({ rate })))], rounds);
  console.log([inputs, ...sizes].join("-"));
  const line = (what: string, seconds: number) =>
    console.log(
      `  ${what.padEnd(10)} ${(seconds * 1e6).toFixed(1).padStart(8)} us  ${(seconds / times[0]).toFixed(2)}`,
    );
  line("without", without);
  RATES.forEach((rate, i) => {
    line(`rate ${rate}`, times[i]);
  });
}

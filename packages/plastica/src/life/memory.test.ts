/** A life of births and deaths takes no more memory the longer it lasts. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { backprop } from "../credit/backprop.ts";
import { crossEntropy } from "../credit/losses.ts";
import { relu } from "../network/neurons.ts";
import { maxPool } from "../network/pooling.ts";
import { conv, dense, sequential } from "../network/sequential.ts";
import { adam } from "../rules/index.ts";
import { continualBackprop } from "../structure/continual-backprop.ts";
import { pruning } from "../structure/pruning/pruning.ts";
import { live } from "./learner.ts";
import { example, observe } from "./testing.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

test("300,000 steps, fifty thousand deaths by policy and thousands by hand", () => {
  const net = sequential({ inputs: 6, seed: 5, normaliseInputs: { decay: 0.999 } }, [
    dense(16, relu()),
    dense(12, relu()),
    dense(3),
  ]);
  const structure = [continualBackprop({ replacementRate: 0.01, maturity: 10 })];
  const learner = live(net, { credit: backprop({ loss: crossEntropy() }), rule: adam(), structure });
  const examples = Array.from({ length: 256 }, (_, i) => example(i, 6, 3));
  const batch = examples.slice(0, 8);
  const [xs, ys] = [batch.flatMap(({ x }) => [...x]), batch.map(({ y }) => y)];
  const population = net.population("hidden1");
  let deaths = 0;
  learner.on((event) => (event.type === "died" ? (deaths += event.neurons.length) : 0));

  /** Grows from 16 neurons to 40 and shrinks to 16 again, in 1000 steps. */
  const season = () => {
    for (let i = 0; i < 1000; i++) {
      const { x, y } = examples[i % 256];
      if (i % 100 === 50) learner.observeBatch(xs, ys);
      else learner.observe(x, y);
      if (i % 40 === 0 && i < 480) learner.grow("hidden1", 2);
      if (i % 40 === 0 && i >= 500)
        learner.remove(
          "hidden1",
          population.neurons.slice(0, 2).map(({ id }) => id),
        );
    }
    while (population.size > 16) learner.remove("hidden1", [population.neurons[7].id]);
  };
  const measure = () => {
    collect();
    const { arena } = net.compute;
    return { used: arena.used, bytes: arena.memory.buffer.byteLength, heap: process.memoryUsage().heapUsed };
  };
  for (let i = 0; i < 100; i++) season();
  const early = measure();
  for (let i = 0; i < 200; i++) season();
  const late = measure();
  expect(learner.step).toBe(300_000);
  expect(deaths).toBeGreaterThan(50_000);
  expect([late.used, late.bytes]).toEqual([early.used, early.bytes]);
  expect(late.heap - early.heap).toBeLessThan(2_000_000);
  expect(learner.predict(examples[0].x).every(Number.isFinite)).toBe(true);
});

test("networks that follow each other, of maps and of few synapses, take no more than the first", () => {
  const net = sequential({ inputs: { height: 12, width: 12, channels: 1 }, seed: 3 }, [
    conv(8, relu(), { kernel: 3, pool: maxPool(2) }),
    dense(200, relu()),
    dense(10),
  ]);
  const structure = [pruning({ target: 0.95, schedule: "one-shot", end: 2 })];
  const learner = live(net, { credit: backprop({ loss: crossEntropy() }), rule: adam(), structure });
  observe(learner, 0, 96, 32);
  const { arena } = net.compute;
  const follow = () => {
    learner.succeed({ network: learner.copy() });
    observe(learner, 96, 160, 32);
    return arena.used;
  };
  const early = follow();
  for (let i = 0; i < 8; i++) follow();
  // A call or two of each network stay.
  expect(follow() - early).toBeLessThan(0.1 * early);
});

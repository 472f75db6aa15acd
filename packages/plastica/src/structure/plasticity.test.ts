/**
 * What continual backprop is for: a network that has learned much should learn what comes next as well as its first task. Here
 * each task is fifty new inputs with labels by lot, to be learned by heart, with nothing in common between tasks.
 */
import { expect, test } from "vitest";
import { derive, integer, key, normal } from "../compute/random.ts";
import { backprop } from "../credit/backprop.ts";
import { crossEntropy } from "../credit/losses.ts";
import { live } from "../life/learner.ts";
import { relu } from "../network/neurons.ts";
import { dense, sequential } from "../network/sequential.ts";
import { sgd } from "../rules/index.ts";
import { continualBackprop } from "./continual-backprop.ts";

const [TASKS, EXAMPLES, PASSES, INPUTS, CLASSES] = [100, 50, 12, 16, 5];

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Accuracy in the last pass through the first tenth, and the last tenth, of the tasks; and the dormant share at the end. */
function life(seed: number, replacementRate: number) {
  const net = sequential({ inputs: INPUTS, seed }, [dense(32, relu()), dense(32, relu()), dense(CLASSES)]);
  const structure = [continualBackprop({ replacementRate })];
  const learner = live(net, { credit: backprop({ loss: crossEntropy() }), rule: sgd({ lr: 0.02 }), structure });
  const hidden = net.population("hidden2");
  let spoken = new Set<number>();
  const accuracies = Array.from({ length: TASKS }, (_, t) => {
    const task = key(seed, "task", t);
    let right = 0;
    spoken = new Set();
    for (let pass = 1; pass <= PASSES; pass++) {
      for (let i = 0; i < EXAMPLES; i++) {
        const x = Float32Array.from({ length: INPUTS }, (_, j) => normal(derive(task, "x"), i * INPUTS + j));
        const y = integer(derive(task, "y"), i, CLASSES);
        const { prediction } = learner.observe(x, y);
        if (pass < PASSES) continue;
        if (prediction === y) right++;
        for (const [slot, h] of hidden.outputs(1).entries()) if (h > 0) spoken.add(hidden.neurons[slot].id);
      }
    }
    return right / EXAMPLES;
  });
  const tenth = TASKS / 10;
  return {
    early: mean(accuracies.slice(0, tenth)),
    late: mean(accuracies.slice(-tenth)),
    dormant: 1 - Math.min(1, spoken.size / hidden.size),
  };
}

test.each([1, 2, 3])("plain backprop loses its plasticity, continual backprop keeps it: seed %i", (seed) => {
  const [plain, continual] = [life(seed, 0), life(seed, 1e-3)];
  expect(plain.late).toBeLessThan(plain.early - 0.2);
  expect(continual.early).toBeGreaterThan(0.95);
  expect(continual.late).toBeGreaterThan(0.95);
  expect(plain.dormant).toBeGreaterThan(0.5);
  expect(continual.dormant).toBeLessThan(0.2);
});

import { expect, test } from "vitest";
import { backprop } from "../credit/backprop.ts";
import { crossEntropy } from "../credit/losses.ts";
import { live } from "../life/learner.ts";
import { example } from "../life/testing.ts";
import { crelu, relu } from "../network/neurons.ts";
import { dense, sequential } from "../network/sequential.ts";
import { sgd } from "../rules/index.ts";
import { gradientOf } from "./gradients.ts";

function learnerOf() {
  const network = sequential({ inputs: 7, seed: 5 }, [dense(6, relu()), dense(5, crelu()), dense(3)]);
  return live(network, { credit: backprop({ loss: crossEntropy() }), rule: sgd({ lr: 1 }) });
}

test.each([1, 2, 5])(
  "the gradient of %i examples is what one step of SGD at rate 1 takes off, and nothing is learned",
  (count) => {
    const learner = learnerOf();
    const { network } = learner;
    learner.grow("hidden1", 2);
    const all = Array.from({ length: count }, (_, i) => example(i, 7, 3));
    const examples = { count, xs: all.flatMap(({ x }) => [...x]), ys: all.map(({ y }) => y) };
    const before = network.projections.map(({ columns }) => columns.packed("w"));
    const print = learner.fingerprint();

    const gradients = new Map<string, Float32Array>();
    const loss = learner.examine(examples, {
      projection: (projection) => void gradients.set(projection.name, gradientOf(network, projection, count)),
    });
    expect(learner.fingerprint()).toBe(print);
    expect(learner.evaluate(examples).loss).toBe(loss);

    expect(learner.practise(examples)).toBe(loss);
    for (const [i, { name, columns }] of network.projections.entries()) {
      const after = columns.packed("w");
      const gradient = gradients.get(name)!;
      expect(gradient.some((value) => value !== 0)).toBe(true);
      gradient.forEach((value, j) => expect(after[j]).toBeCloseTo(before[i][j] - value, 6));
    }
  },
);

test("a branch puts everything back", () => {
  const learner = learnerOf();
  const examples = { count: 1, xs: example(0, 7, 3).x, ys: [example(0, 7, 3).y] };
  const print = learner.fingerprint();
  const undo = learner.branch();
  learner.practise(examples);
  learner.grow("hidden1", 9);
  learner.set("lr", 0.5);
  expect(learner.fingerprint()).not.toBe(print);
  undo();
  expect(learner.fingerprint()).toBe(print);
});

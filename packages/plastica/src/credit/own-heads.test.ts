/** A batch whose examples each have a head of their own learns what its examples would have taught one head at a time. */
import { expect, test } from "vitest";
import {
  backprop,
  binaryCrossEntropy,
  crossEntropy,
  dense,
  live,
  sequential,
  sgd,
  squaredError,
  tanh,
} from "../index.ts";

const xs = Float32Array.from({ length: 6 * 3 }, (_, i) => ((i * 7) % 5) / 5 - 0.4);
const heads = [[0, 1], [2, 3], [0, 1], undefined, [3, 4, 5], [2, 3]];
const classes = [1, 2, 0, 5, 4, 3];
const losses = { crossEntropy, binaryCrossEntropy, squaredError };

const make = (loss: keyof typeof losses, lr: number) =>
  live(sequential({ inputs: 3, seed: 4 }, [dense(5, tanh()), dense(6)]), {
    credit: backprop({ loss: losses[loss]() }),
    rule: sgd({ lr }),
  });

function weightsOf(learner: ReturnType<typeof make>): number[] {
  return learner.network.projections.flatMap(({ pre, post, columns }) => {
    const at = columns.pointer("w") >>> 2;
    return Array.from({ length: pre.size }, (_, row) => [
      ...learner.network.compute.arena.f32.slice(at + row * post.capacity, at + row * post.capacity + post.size),
    ]).flat();
  });
}

test.each(Object.keys(losses) as (keyof typeof losses)[])(
  "%s: the batch's step is the mean of its examples' steps",
  (loss) => {
    const lr = 0.5;
    const batch = make(loss, lr);
    const before = weightsOf(batch);
    const seen = batch.observeBatch(xs, classes, { outputs: heads });
    const moved = weightsOf(batch).map((w, i) => w - before[i]);
    const single = classes.map((y, i) => {
      const one = make(loss, lr);
      const { loss: l, prediction } = one.observe(xs.subarray(3 * i, 3 * i + 3), y, { outputs: heads[i] });
      return { loss: l, prediction, moved: weightsOf(one).map((w, j) => w - before[j]) };
    });
    expect([...seen.predictions]).toEqual(single.map(({ prediction }) => prediction));
    expect(seen.loss).toBeCloseTo(single.reduce((sum, one) => sum + one.loss, 0) / 6, 6);
    moved.forEach((step, j) => {
      expect(step).toBeCloseTo(single.reduce((sum, one) => sum + one.moved[j], 0) / 6, 6);
    });
  },
);

test("one head for all, each its own, and all outputs can follow each other", () => {
  const [a, b] = [make("crossEntropy", 0.1), make("crossEntropy", 0.1)];
  const shared = [2, 3];
  const steps = [
    { ys: [2, 3, 2, 3, 2, 3], outputs: shared, same: Array(6).fill(shared) },
    { ys: classes, outputs: undefined, same: Array(6).fill(undefined) },
    { ys: [3, 3, 3, 2, 2, 2], outputs: shared, same: Array(6).fill([2, 3]) },
  ];
  for (const { ys, outputs, same } of steps) {
    a.observeBatch(xs, ys, { outputs });
    b.observeBatch(xs, ys, { outputs: same });
  }
  expect(a.fingerprint()).toBe(b.fingerprint());
});

test("heads that do not fit are refused before anything has changed", () => {
  const learner = make("crossEntropy", 0.1);
  const before = learner.fingerprint();
  expect(() => learner.observeBatch(xs, classes, { outputs: [[0, 1]] })).toThrow("for 1 examples: there are 6");
  expect(() => learner.observeBatch(xs, classes, { outputs: [...heads.slice(0, 5), [6]] })).toThrow(
    "output 6 is asked",
  );
  expect(() => learner.observeBatch(xs, classes, { outputs: [...heads.slice(0, 5), [0, 1]] })).toThrow(
    "label 3 is not among the outputs that take part: 0, 1",
  );
  expect(learner.fingerprint()).toBe(before);
});

/**
 * What dropout is for, on real images: generalising from few and badly labelled examples, networks that can be pruned, rates that fit the
 * data, and knowing what one does not know.
 */
import { dataset, type ImageSet, imageOf } from "@plastica/lab";
import {
  backprop,
  concreteDropout,
  crossEntropy,
  type Dropout,
  dense,
  dropBlock,
  dropConnect,
  dropout,
  type Examples,
  gaussianDropout,
  key,
  type Learner,
  live,
  permutation,
  relu,
  scheduledDropout,
  sequential,
  sgd,
  spatialDropout,
  standout,
  targetedDropout,
  variationalDropout,
} from "plastica";
import { expect, it } from "vitest";

const [train, test] = [dataset("mnist"), dataset("mnist", "test")];

function learnerWith(kind: Dropout | undefined, seed: number, sizes: readonly number[], lr: number): Learner {
  const layers = sizes.map((size) => dense(size, relu(), { dropout: kind }));
  const net = sequential({ inputs: 784, seed }, [...layers, dense(10)]);
  return live(net, { credit: backprop({ loss: crossEntropy() }), rule: sgd({ lr }) });
}

function examplesOf(set: ImageSet, count: number): Examples {
  const xs = new Float32Array(count * 784);
  for (let i = 0; i < count; i++) xs.set(imageOf(set, i), i * 784);
  return { count, xs, ys: set.labels.subarray(0, count) };
}

const unseen = examplesOf(test, 500);

/** Passes over a few images, of which `wrong` in five have a label that is made up. */
function study(learner: Learner, seed: number, { count = 300, passes = 12, wrong = 2 } = {}): void {
  for (let pass = 0; pass < passes; pass++) {
    for (const i of permutation(key(seed, "order", pass), count)) {
      const at = seed * 1000 + i;
      learner.observe(imageOf(train, at), i % 5 < wrong ? (i * 7) % 10 : train.labels[at]);
    }
  }
}

/** Loss on unseen images, over two seeds. */
function lossAfterStudy(kind?: Dropout): number {
  return [1, 2].reduce((sum, seed) => {
    const learner = learnerWith(kind, seed, [100, 100], 0.01);
    study(learner, seed);
    return sum + learner.evaluate(unseen).loss / 2;
  }, 0);
}

const alone = lossAfterStudy();

it.each<[string, Dropout]>([
  ["dropout", dropout(0.5)],
  ["drop-connect", dropConnect({ rate: 0.5 })],
  ["gaussian", gaussianDropout({ rate: 0.5 })],
  ["variational", variationalDropout({ alpha: 0.5, divergence: 0.003 })],
  ["concrete", concreteDropout({ rate: 0.3, entropy: 0.003 })],
  ["scheduled", scheduledDropout({ steps: 3600 })],
  ["standout", standout()],
  ["spatial", spatialDropout({ rate: 0.5 })],
  ["drop-block", dropBlock({ rate: 0.5 })],
])("%s: what is learned from few images, two in five with wrong labels, does better on others", (_, kind) => {
  expect(lossAfterStudy(kind)).toBeLessThan(0.92 * alone);
});

/** Accuracy that is left when three quarters of the neurons are gone, those of least magnitude. */
function accuracyPruned(kind: Dropout | undefined, seed: number): number {
  const learner = learnerWith(kind, seed, [100], 0.02);
  for (let i = 0; i < 3000; i++) learner.observe(imageOf(train, 3000 * seed + i), train.labels[3000 * seed + i]);
  const { network } = learner;
  const w = network.projections[0].columns.packed("w");
  const magnitude = (slot: number) => {
    let sum = 0;
    for (let row = 0; row < 784; row++) sum += Math.abs(w[row * 100 + slot]);
    return sum;
  };
  const weakest = network.populations[1].neurons
    .map(({ id }, slot) => ({ id, magnitude: magnitude(slot) }))
    .sort((a, b) => a.magnitude - b.magnitude);
  learner.remove(
    "hidden1",
    weakest.slice(0, 75).map(({ id }) => id),
  );
  return learner.evaluate(unseen).accuracy;
}

it("targeted: when three quarters of the neurons go, four points of accuracy more stay", () => {
  const [plain, targeted] = [undefined, targetedDropout({ share: 0.75 })].map(
    (kind) => (accuracyPruned(kind, 1) + accuracyPruned(kind, 2)) / 2,
  );
  expect(targeted).toBeGreaterThan(plain + 0.04);
});

it("concrete: the rate that it learns is higher where there is more to over-learn", () => {
  const logitAfter = (study: (learner: Learner) => void) => {
    const learner = learnerWith(concreteDropout({ rate: 0.2, entropy: 2e-3 }), 1, [100], 0.02);
    study(learner);
    return learner.network.populations[1].silencing!.work.columns!.get("logit", 0, 0);
  };
  const many = logitAfter((learner) => study(learner, 1, { count: 2000, passes: 1, wrong: 0 }));
  const few = logitAfter((learner) => study(learner, 1, { count: 100, passes: 20, wrong: 3 }));
  expect(few - many).toBeGreaterThan(0.2);
});

it("Monte Carlo: digits that were never shown leave it less sure, and it knows that it does not know", () => {
  const learner = learnerWith(dropout(0.5), 1, [100, 100], 0.02);
  for (let i = 3000, shown = 0; shown < 2500; i++) {
    if (train.labels[i] >= 5) continue;
    learner.observe(imageOf(train, i), train.labels[i]);
    shown++;
  }
  const known = { count: 0, entropy: 0, information: 0 };
  const strange = { count: 0, entropy: 0, information: 0 };
  for (let i = 0; i < 150; i++) {
    const { entropy, information } = learner.predictUncertain(imageOf(test, i), { samples: 16 });
    const group = test.labels[i] < 5 ? known : strange;
    group.count++;
    group.entropy += entropy;
    group.information += information;
  }
  expect(strange.entropy / strange.count).toBeGreaterThan((1.5 * known.entropy) / known.count);
  expect(strange.information / strange.count).toBeGreaterThan((1.2 * known.information) / known.count);
});

/** Synapses that learn faster, slower or not at all, by the column `plasticity`. */
import { expect, test } from "vitest";
import { backprop } from "../credit/backprop.ts";
import { crossEntropy } from "../credit/losses.ts";
import { crelu, relu } from "../network/neurons.ts";
import { dense, sequential } from "../network/sequential.ts";
import { adam, l2, type Rule, sgd, shrinkAndPerturb, type Term, upgd, weightClipping } from "../rules/index.ts";
import { type Learner, live } from "./learner.ts";
import { observe, untidy } from "./testing.ts";

function learnerWith(rule: Rule, terms: readonly Term[] = []): Learner {
  const network = sequential({ inputs: 7, seed: 3 }, [
    dense(6, crelu()),
    dense(5, relu(), { layerNorm: true }),
    dense(3),
  ]);
  return live(network, { credit: backprop({ loss: crossEntropy() }), rule, terms });
}

/** Gives every weight, bias, gain and shift a plasticity. */
function bySynapse({ network }: Learner, plasticity = 1): void {
  for (const { columns } of network.projections) {
    columns.add("plasticity", 1);
    columns.unpack("plasticity", columns.packed("w").fill(plasticity));
  }
  for (const { columns, parameters } of network.populations)
    for (const name of parameters) {
      columns.add(`${name}.plasticity`, 1);
      columns.unpack(`${name}.plasticity`, columns.packed(name).fill(plasticity));
    }
  network.changed();
}

/** All that is learned, and what the rule keeps, by place. */
function held({ network }: Learner): Map<string, Float32Array> {
  const all = [...network.projections, ...network.populations].flatMap(({ name, columns }) =>
    columns.names
      .filter((column) => !column.endsWith("plasticity") && column !== "age")
      .map((column) => [`${name}/${column}`, columns.packed(column)] as const),
  );
  return new Map(all);
}

const lives: [string, Rule, Term[]][] = [
  ["sgd", sgd({ lr: 0.1 }), []],
  ["adam with l2", adam({ lr: 0.01 }), [l2({ strength: 0.01 })]],
  ["upgd, which surveys and draws noise", upgd({ lr: 0.1 }), []],
  ["sgd, shrunk, perturbed and clipped", sgd({ lr: 0.1 }), [shrinkAndPerturb({}), weightClipping({})]],
];

for (const [name, rule, terms] of lives) {
  for (const batch of [1, 4]) {
    test(`${name}, batches of ${batch}: at a plasticity of 1 the bits are those of a life without`, () => {
      const [plain, gated] = [learnerWith(rule, terms), learnerWith(rule, terms)];
      bySynapse(gated);
      expect(observe(gated, 0, 24, batch)).toEqual(observe(plain, 0, 24, batch));
      expect(held(gated)).toEqual(held(plain));
      expect(untidy(gated.network)).toEqual([]);
    });

    test(`${name}, batches of ${batch}: at 0 weights and their state stand still`, () => {
      const learner = learnerWith(rule, terms);
      observe(learner, 0, 24, batch);
      const before = held(learner);
      bySynapse(learner, 0);
      observe(learner, 24, 48, batch);
      expect(held(learner)).toEqual(before);
    });
  }
}

test("one that stands still does so among others that learn; absent stays absent under decay and noise", () => {
  const learner = learnerWith(adam({ lr: 0.01 }), [l2({ strength: 0.1 }), shrinkAndPerturb({})]);
  bySynapse(learner);
  const { columns } = learner.network.projections[1];
  columns.set("plasticity", 9, 2, 0);
  columns.set("plasticity", 3, 1, 0);
  columns.set("w", 3, 1, 0);
  const [w, m] = [columns.packed("w"), columns.packed("m")];
  observe(learner, 0, 30);
  const moved = columns.packed("w").map((value, i) => Number(value !== w[i]));
  expect(columns.get("w", 9, 2)).toBe(w[9 * 5 + 2]);
  expect(columns.get("m", 9, 2)).toBe(m[9 * 5 + 2]);
  expect(columns.get("w", 3, 1)).toBe(0);
  expect(moved.reduce((sum, one) => sum + one, 0)).toBe(12 * 5 - 2);
});

test("at 3 the first step of a weight is three times as far", () => {
  const [plain, quick] = [learnerWith(sgd({ lr: 0.1 })), learnerWith(sgd({ lr: 0.1 }))];
  bySynapse(quick, 3);
  const before = plain.network.projections[1].columns.packed("w");
  for (const learner of [plain, quick]) observe(learner, 0, 1);
  const after = [plain, quick].map(({ network }) => network.projections[1].columns.packed("w"));
  for (const [i, w] of before.entries()) expect(after[1][i] - w).toBeCloseTo(3 * (after[0][i] - w), 6);
});

test("the column appears in the middle of a life, newborns learn as the rule says, and it may go again", () => {
  const learner = learnerWith(adam({ lr: 0.01 }));
  observe(learner, 0, 10);
  bySynapse(learner, 0);
  learner.grow("hidden1", 2);
  const { columns } = learner.network.projections[0];
  const before = columns.packed("w");
  observe(learner, 10, 20);
  const after = columns.packed("w");
  for (const [i, w] of before.entries()) {
    if (i % 8 < 6) expect(after[i]).toBe(w);
  }
  learner.remove("hidden1", [learner.network.population("hidden1").neurons[0].id]);
  for (const owner of [...learner.network.projections, ...learner.network.populations])
    for (const name of owner.columns.names) if (name.endsWith("plasticity")) owner.columns.remove(name);
  learner.network.changed();
  const frozen = columns.packed("w");
  observe(learner, 20, 24);
  expect(columns.packed("w")).not.toEqual(frozen);
});

test("snapshots carry it to a learner that has none, and away from one that has", () => {
  const learner = learnerWith(adam({ lr: 0.01 }));
  observe(learner, 0, 10);
  const plain = learner.snapshot();
  learner.network.projections[1].columns.add("plasticity", 1);
  learner.network.projections[1].columns.set("plasticity", 2, 2, 0);
  learner.network.population("hidden2").columns.add("bias.plasticity", 0);
  learner.network.changed();
  const gated = learner.snapshot();
  const heir = learnerWith(adam({ lr: 0.01 }));
  heir.restore(gated);
  expect(heir.fingerprint()).toBe(learner.fingerprint());
  expect(observe(heir, 10, 20)).toEqual(observe(learner, 10, 20));
  expect(heir.fingerprint()).toBe(learner.fingerprint());
  heir.restore(plain);
  const twin = learnerWith(adam({ lr: 0.01 }));
  observe(twin, 0, 10);
  expect(heir.fingerprint()).toBe(twin.fingerprint());
  expect(observe(heir, 10, 20)).toEqual(observe(twin, 10, 20));
});

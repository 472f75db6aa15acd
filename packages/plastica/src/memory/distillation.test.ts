/** Distillation: what it is made of against a few lines of plain TypeScript, what it survives, and what it is for. */
import { describe, expect, test } from "vitest";
import { derive, integer, key, normal } from "../compute/random.ts";
import { readSafetensors } from "../compute/safetensors.ts";
import { backprop } from "../credit/backprop.ts";
import type { Loss } from "../credit/loss.ts";
import { binaryCrossEntropy, crossEntropy, squaredError } from "../credit/losses.ts";
import { type Learner, live } from "../life/learner.ts";
import { networkOf } from "../life/network-file.ts";
import { observe } from "../life/testing.ts";
import type { Network } from "../network/network.ts";
import { crelu, relu, tanh } from "../network/neurons.ts";
import { dense, sequential } from "../network/sequential.ts";
import { adam, sgd } from "../rules/index.ts";
import { survives } from "../structure/turnover/turnover.testing.ts";
import { type DistillationOptions, distillation } from "./distillation.ts";

const linear = (seed: number, outputs = 3) => sequential({ inputs: 2, seed }, [dense(outputs)]);
const softmax = (z: readonly number[]) => {
  const likely = z.map(Math.exp);
  const total = likely.reduce((sum, value) => sum + value, 0);
  return likely.map((value) => value / total);
};
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

/** What one update by SGD did to the biases, over its step size: minus dLoss / dOut. */
function pushed(loss: Loss, options: DistillationOptions, learn: (learner: Learner) => void): number[] {
  const learner = live(linear(1), {
    credit: backprop({ loss }),
    rule: sgd({ lr: 0.5 }),
    structure: [distillation(options)],
  });
  learn(learner);
  return Array.from(learner.network.outputs.columns.packed("bias"), (bias) => -bias / 0.5);
}

const x = [0.4, -1.2];
const teacher = linear(2);
const [z, v] = [linear(1), teacher].map((network) => {
  network.present(x, 1);
  network.forward(1, false);
  return [...network.outputs.outputs(1)];
});

describe("the signal at the outputs", () => {
  test("of classes: T softened probabilities apart, beside the hard loss", () => {
    const [hot, said] = [z, v].map((of) => softmax(of.map((value) => value / 4)));
    const right = softmax(z).map((p, i) => 0.3 * (p - Number(i === 1)) + 0.7 * 4 * (hot[i] - said[i]));
    const seen = pushed(crossEntropy(), { teacher, temperature: 4, weight: 0.7 }, (one) => one.observe(x, 1));
    for (const [i, value] of seen.entries()) expect(value).toBeCloseTo(right[i], 5);
  });

  test("of outputs that take part, alone", () => {
    const [hot, said] = [z, v].map((of) => softmax([of[0] / 2, of[2] / 2]));
    const hard = softmax([z[0], z[2]]);
    const right = [0.5 * (hard[0] - 1) + hot[0] - said[0], 0, 0.5 * hard[1] + hot[1] - said[1]];
    const seen = pushed(crossEntropy(), { teacher }, (one) => one.observe(x, 0, { outputs: [0, 2] }));
    for (const [i, value] of seen.entries()) expect(value).toBeCloseTo(right[i], 5);
  });

  test("of yes or no, and of values", () => {
    const yes = z.map((out, i) => (0.5 * (sigmoid(out) - Number(i === 2)) + sigmoid(out / 2) - sigmoid(v[i] / 2)) / 3);
    const each = pushed(binaryCrossEntropy(), { teacher }, (one) => one.observe(x, 2));
    for (const [i, value] of each.entries()) expect(value).toBeCloseTo(yes[i], 5);
    const values = pushed(squaredError(), { teacher, weight: 0.25 }, (one) => one.observe(x, [1, 2, 3]));
    for (const [i, value] of values.entries())
      expect(value).toBeCloseTo((2 * (0.75 * (z[i] - i - 1) + 0.25 * (z[i] - v[i]))) / 3, 5);
  });

  test("of a batch: the mean over its examples, each with its own outputs", () => {
    const alone = [[0, 1], undefined].map((outputs) =>
      pushed(crossEntropy(), { teacher }, (one) => one.observe(x, 0, { outputs })),
    );
    const both = pushed(crossEntropy(), { teacher }, (one) =>
      one.observeBatch([...x, ...x], [0, 0], { outputs: [[0, 1], undefined] }),
    );
    for (const [i, value] of both.entries()) expect(value).toBeCloseTo((alone[0][i] + alone[1][i]) / 2, 5);
  });
});

const life = (structure: Parameters<typeof live>[1]["structure"], seed = 5, network?: Network) =>
  live(network ?? sequential({ inputs: 7, seed }, [dense(9, relu()), dense(8, crelu()), dense(3)]), {
    credit: backprop({ loss: crossEntropy() }),
    rule: adam({ lr: 0.01 }),
    structure,
  });

test("a teacher that counts for nothing changes nothing: it is asked and not heard", () => {
  const big = sequential({ inputs: 7, seed: 2 }, [dense(40, tanh()), dense(3)]);
  const [alone, taught] = [life([]), life([distillation({ teacher: big, weight: 0 })])];
  expect(observe(taught, 0, 40)).toEqual(observe(alone, 0, 40));
  expect(observe(taught, 40, 80, 4)).toEqual(observe(alone, 40, 80, 4));
});

test("a live teacher stays as it is, and may be asked through its snapshot", () => {
  const master = life([], 2);
  observe(master, 0, 50);
  const before = master.fingerprint();
  const students = [master, master.network, networkOf(master.snapshot())].map((teacher) => {
    const student = life([distillation({ teacher, weight: 0.9 })]);
    return observe(student, 0, 60, 3);
  });
  expect(master.fingerprint()).toBe(before);
  expect(students[1]).toEqual(students[0]);
  expect(students[2]).toEqual(students[0]);
  expect(() => networkOf(master.snapshot().fill(7, 4000, 4001))).toThrow();
});

describe("a hint", () => {
  /** One update by SGD of a student with a hint: what was added to the bias of its hidden layer, beside a life without. */
  function pulled(map: DistillationOptions["map"], size: number) {
    const big = sequential({ inputs: 2, seed: 3 }, [dense(size, tanh(), { name: "deep" }), dense(3)]);
    const student = (structure: Parameters<typeof live>[1]["structure"]) =>
      live(sequential({ inputs: 2, seed: 1 }, [dense(4, tanh()), dense(3)]), {
        credit: backprop({ loss: crossEntropy() }),
        rule: sgd({ lr: 0.5 }),
        structure,
      });
    const options = { teacher: big, weight: 0, hint: "hidden1", of: "deep", hintWeight: 0.3, map };
    const [with_, without] = [student([distillation(options)]), student([])];
    without.predict(x);
    const v = [...without.network.population("hidden1").outputs(1)];
    big.present(x, 1);
    big.forward(1, false);
    const u = [...big.population("deep").outputs(1)];
    for (const one of [with_, without]) one.observe(x, 1);
    const [a, b] = [with_, without].map((one) => one.network.population("hidden1").columns.packed("bias"));
    return { v, u, moved: Array.from(a, (bias, i) => (b[i] - bias) / 0.5), student: with_ };
  }

  test("draws a layer to one of the same size", () => {
    const { v, u, moved } = pulled("identity", 4);
    for (const [i, value] of moved.entries()) expect(value).toBeCloseTo(0.3 * ((v[i] - u[i]) / 4) * (1 - v[i] ** 2), 5);
  });

  test("draws a layer to one of another size through a fixed map", () => {
    const { v, u, moved, student } = pulled("fixed", 6);
    const { network } = student;
    const rows = network.population("hidden1").neurons.map(({ id }) => {
      const draws = derive(derive(network.keyOf("hint", "hidden1", "deep"), id), 0);
      return u.map((_, j) => 0.5 * normal(draws, j));
    });
    const error = u.map((wanted, j) => rows.reduce((sum, row, i) => sum + row[j] * v[i], -wanted));
    for (const [i, value] of moved.entries()) {
      const slope = rows[i].reduce((sum, w, j) => sum + w * error[j], 0) / 6;
      expect(value).toBeCloseTo(0.3 * slope * (1 - v[i] ** 2), 5);
    }
  });

  test("learns its map", () => {
    const { v, u, student } = pulled("learned", 6);
    const { network } = student;
    const { neurons } = network.population("hidden1");
    const file = readSafetensors(student.snapshot()).tensors.get("distillation/map/w")!;
    const rows = neurons.map(({ id }) => {
      const draws = derive(derive(network.keyOf("hint", "hidden1", "deep"), id), 0);
      return u.map((_, j) => 0.5 * normal(draws, j));
    });
    const rate = 0.1 / (1 + v.reduce((sum, value) => sum + value * value, 0));
    const error = u.map((wanted, j) => rows.reduce((sum, row, i) => sum + row[j] * v[i], -wanted));
    const order = neurons.map(({ id }, i) => ({ name: `${id}/0`, i })).sort((p, q) => (p.name < q.name ? -1 : 1));
    expect(file.shape).toEqual([4, 6]);
    for (const [at, { i }] of order.entries())
      for (const j of u.keys()) expect(file.data[at * 6 + j]).toBeCloseTo(rows[i][j] - rate * error[j] * v[i], 5);
  });
});

const own = sequential({ inputs: 7, seed: 3 }, [dense(12, relu()), dense(3)]);
test.each([
  ["a given teacher", () => distillation({ teacher: own })],
  ["a hint", () => distillation({ teacher: own, hint: "hidden1", of: "hidden1" })],
  ["its own past", () => distillation({ every: 25 })],
  ["its own past, with a hint", () => distillation({ every: 25, hint: "hidden2", of: "hidden2" })],
])("%s survives births, deaths and a snapshot", (_, policy) => {
  expect(survives(policy)).toEqual([]);
});

test("a snapshot says which teacher is missing", () => {
  const one = life([distillation({ teacher: own })]);
  observe(one, 0, 5);
  const other = life([distillation({ teacher: sequential({ inputs: 7, seed: 4 }, [dense(3)]) })]);
  const before = other.fingerprint();
  expect(() => other.restore(one.snapshot())).toThrow(/was taken beside teacher "[0-9a-f]+", the teacher here is/);
  expect(other.fingerprint()).toBe(before);
});

test("what cannot teach is told at once", () => {
  expect(() => distillation({ temperature: 0 })).toThrow("temperature is 0");
  expect(() => distillation({ weight: 1.5 })).toThrow("weight is 1.5");
  expect(() => distillation({ hint: "hidden1" })).toThrow("a layer of the teacher");
  expect(() => life([distillation({ teacher: linear(1) })])).toThrow("a teacher of 2 inputs for a student of 7");
  const network = sequential({ inputs: 7, seed: 1 }, [dense(3)]);
  expect(() => life([distillation({ teacher: network })], 1, network)).toThrow("a network cannot teach itself");
  const one = life([distillation({ teacher: () => new Float32Array(2) })]);
  expect(() => one.observe(new Float32Array(7), 1)).toThrow("a teacher said 2 values of 1 examples: 3 are right");
  const mad = life([distillation({ teacher: () => new Float32Array(3).fill(Number.NaN) })]);
  const before = mad.fingerprint();
  expect(() => mad.observe(new Float32Array(7), 1)).toThrow("not finite");
  expect(mad.fingerprint()).toBe(before);
});

/** Ten classes in eight dimensions, of which a tenth of the labels is wrong; tests are right. */
function puzzle(i: number, noisy: boolean) {
  const draws = derive(key(7, "puzzle"), i);
  const label = integer(draws, 0, 10);
  const centre = derive(key(7, "centres"), label);
  const at = Float32Array.from({ length: 8 }, (_, j) => 0.9 * normal(centre, j) + normal(draws, j + 1));
  return { x: at, y: noisy && integer(draws, 50, 3) === 0 ? integer(draws, 51, 10) : label };
}

function accuracy(learner: Learner): number {
  let right = 0;
  for (let i = 0; i < 1000; i++) {
    const { x, y } = puzzle(50_000 + i, false);
    const said = learner.predict(x);
    if (said.indexOf(Math.max(...said)) === y) right++;
  }
  return right / 1000;
}

test("a student that sees little learns more from a teacher that saw much", () => {
  const grown = (
    hidden: number,
    seed: number,
    structure: Parameters<typeof live>[1]["structure"],
    examples: number,
  ) => {
    const learner = live(sequential({ inputs: 8, seed }, [dense(hidden, relu()), dense(10)]), {
      credit: backprop({ loss: crossEntropy() }),
      rule: adam({ lr: 0.01 }),
      structure,
    });
    for (let i = 0; i < examples; i += 10) {
      const some = Array.from({ length: 10 }, (_, j) => puzzle(i + j, true));
      learner.observeBatch(
        some.flatMap((one) => [...one.x]),
        some.map(({ y }) => y),
      );
    }
    return learner;
  };
  const master = grown(60, 1, [], 20_000);
  const gains = [2, 3, 4].map((seed) => {
    const alone = grown(12, seed, [], 1500);
    const taught = grown(12, seed, [distillation({ teacher: master, weight: 0.9, temperature: 2 })], 1500);
    return accuracy(taught) - accuracy(alone);
  });
  expect(gains.reduce((sum, gain) => sum + gain / 3, 0)).toBeGreaterThan(0.02);
});

test("its own past keeps a learner from forgetting the task before", () => {
  const kept = (structure: Parameters<typeof live>[1]["structure"]) => {
    const learner = live(sequential({ inputs: 8, seed: 1 }, [dense(20, relu()), dense(10)]), {
      credit: backprop({ loss: crossEntropy() }),
      rule: adam({ lr: 0.01 }),
      structure,
    });
    const heads = [
      [0, 1, 2, 3, 4],
      [5, 6, 7, 8, 9],
    ];
    for (const outputs of heads)
      for (let i = 0; i < 6000; i++) {
        const { x, y } = puzzle(i, false);
        if (outputs.includes(y)) learner.observe(x, y, { outputs });
      }
    let [right, all] = [0, 0];
    for (let i = 0; i < 1000; i++) {
      const { x, y } = puzzle(50_000 + i, false);
      if (y > 4) continue;
      const said = learner.predict(x).subarray(0, 5);
      all++;
      if (said.indexOf(Math.max(...said)) === y) right++;
    }
    return right / all;
  };
  expect(kept([distillation()]) - kept([])).toBeGreaterThan(0.1);
});

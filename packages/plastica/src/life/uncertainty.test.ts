import { expect, it } from "vitest";
import { backprop } from "../credit/backprop.ts";
import { squaredError } from "../credit/losses.ts";
import { tanh } from "../network/neurons.ts";
import { dense, sequential } from "../network/sequential.ts";
import { sgd } from "../rules/synaptic/sgd.ts";
import { dropout } from "../structure/dropout/index.ts";
import { drawn, learnerWith } from "../structure/dropout/testing.ts";
import { live } from "./learner.ts";
import { uncertaintyOf } from "./uncertainty.ts";

const H = (...ps: number[]) => ps.reduce((sum, p) => sum - p * Math.log(p), 0);

it("of two samples that disagree, by hand", () => {
  const logits = Float32Array.of(Math.log(0.9), Math.log(0.1), Math.log(0.3), Math.log(0.7));
  const { mean, deviation, entropy, information } = uncertaintyOf(logits, 2, "classes");
  expect([...mean]).toEqual([expect.closeTo(0.6, 6), expect.closeTo(0.4, 6)]);
  expect([...deviation]).toEqual([expect.closeTo(0.3, 6), expect.closeTo(0.3, 6)]);
  expect(entropy).toBeCloseTo(H(0.6, 0.4), 6);
  expect(information).toBeCloseTo(H(0.6, 0.4) - (H(0.9, 0.1) + H(0.3, 0.7)) / 2, 6);
});

it("of outputs that are a yes or no each, entropies add up; of values there are none", () => {
  const each = uncertaintyOf(Float32Array.of(0, Math.log(3)), 1, "each");
  expect([...each.mean]).toEqual([0.5, expect.closeTo(0.75, 6)]);
  expect(each.entropy).toBeCloseTo(H(0.5, 0.5) + H(0.75, 0.25), 6);
  expect(each.information).toBe(0);
  const values = uncertaintyOf(Float32Array.of(1, 5, 3, 5), 2, undefined);
  expect([...values.mean, ...values.deviation]).toEqual([2, 5, 1, 0]);
  expect(values.entropy).toBeNaN();
});

it("without dropout a network is of one mind, and says what it predicts", () => {
  const learner = learnerWith({});
  const { mean, deviation, information } = learner.predictUncertain(drawn(6));
  const [a, b, c] = learner.predict(drawn(6)).map(Math.exp);
  expect(mean[1]).toBeCloseTo(b / (a + b + c), 6);
  expect(Math.max(...deviation)).toBeLessThan(1e-12);
  expect(information).toBeLessThan(1e-12);
});

it("says the same until the next update, whatever is asked in between", () => {
  const learner = learnerWith({ dropout: dropout(0.5) });
  const first = learner.predictUncertain(drawn(6), { samples: 8 });
  learner.predictUncertain(drawn(6, 2));
  expect(learner.predictUncertain(drawn(6), { samples: 8 })).toEqual(first);
  expect(Math.min(...first.deviation)).toBeGreaterThan(0.001);
  learner.observe(drawn(6), 1);
  expect(learner.predictUncertain(drawn(6), { samples: 8 })).not.toEqual(first);
});

it.each([0, 1.5, Number.NaN])("refuses %f samples", (samples) => {
  expect(() => learnerWith({}).predictUncertain(drawn(6), { samples })).toThrow("a whole number from 1");
});

it("a network that learned sin x between -1 and 1 is less sure further out", () => {
  const learner = live(sequential({ inputs: 2, seed: 1 }, [dense(64, tanh(), { dropout: dropout(0.2) }), dense(1)]), {
    credit: backprop({ loss: squaredError() }),
    rule: sgd({ lr: 0.02 }),
  });
  for (let i = 0; i < 4000; i++) {
    const [x] = drawn(1, i);
    learner.observe([x, 1], [Math.sin(2 * x)]);
  }
  const unsure = (x: number) => learner.predictUncertain([x, 1], { samples: 200 }).deviation[0];
  expect(unsure(3)).toBeGreaterThan(1.3 * Math.max(unsure(-0.5), unsure(0), unsure(0.5)));
});

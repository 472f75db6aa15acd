/** What goes well alone and should together: single examples, batches and predictions in any order, and learners side by side. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backprop } from "../credit/backprop.ts";
import { crossEntropy } from "../credit/losses.ts";
import { crelu, relu } from "../network/neurons.ts";
import { dense, sequential } from "../network/sequential.ts";
import { adam, hebb, oja, sgd, upgd } from "../rules/synaptic/index.ts";
import { gradientClipping, l2 } from "../rules/terms/index.ts";
import { type Learner, type LifeOptions, live } from "./learner.ts";
import { observe, untidy } from "./testing.ts";

const [INPUTS, CLASSES] = [5, 4];

function network() {
  const layers = [dense(7, relu(), { layerNorm: true }), dense(6, crelu()), dense(CLASSES)];
  return sequential({ inputs: INPUTS, seed: 2, normaliseInputs: { decay: 0.95 } }, layers);
}

function learnerOf(options: Partial<LifeOptions> = {}, net = network()): Learner {
  return live(net, { credit: backprop({ loss: crossEntropy() }), rule: adam(), ...options });
}

const noise = (n: number) => Array.from({ length: n }, (_, i) => Math.sin(3 * i) * 10);

const options: Partial<LifeOptions>[] = [
  { rule: sgd({ lr: 0.1 }) },
  { rule: adam(), terms: [gradientClipping({ norm: 0.3 }), l2()] },
  { rule: upgd({ sigma: 0.01 }) },
  { rule: oja({ lr: 1e-3 }) },
];

const action = fc.record({
  what: fc.constantFrom("observe", "batch", "grow", "remove", "mask", "error"),
  size: fc.integer({ min: 2, max: 9 }),
  predict: fc.option(fc.integer({ min: 1, max: 33 })),
});

describe("in any order", () => {
  it.each(options)("predictions leave no trace in a life ($rule.name)", (option) => {
    const property = fc.property(fc.array(action, { minLength: 3, maxLength: 12 }), (script) => {
      const run = (disturbed: boolean) => {
        const learner = learnerOf(option);
        const said: unknown[] = [];
        script.forEach(({ what, size, predict }, i) => {
          if (disturbed && predict !== null) learner.predictBatch(noise(predict * INPUTS), predict);
          if (disturbed && what === "error")
            expect(() => learner.observe(noise(INPUTS).with(2, Number.NaN), 1)).toThrow();
          if (what === "observe") said.push(observe(learner, i, i + 1));
          if (what === "batch") said.push(observe(learner, i, i + size, size));
          if (what === "mask") said.push(learner.observe(noise(INPUTS), 2, { outputs: [0, 2] }).loss);
          if (what === "grow") learner.grow("hidden1", size);
          if (what === "remove") learner.remove("hidden2", [learner.network.population("hidden2").neurons[0].id]);
        });
        expect(untidy(learner.network)).toEqual([]);
        return [said, learner.fingerprint()];
      };
      // At least one neuron stays.
      fc.pre(script.filter(({ what }) => what === "remove").length < 6);
      expect(run(true)).toEqual(run(false));
    });
    fc.assert(property, { numRuns: 12, seed: 9 });
  });

  it("a life takes no more memory the longer it is", () => {
    const learner = learnerOf({ rule: upgd(), terms: [gradientClipping({ norm: 1 })] });
    const round = (i: number) => {
      observe(learner, i, i + 2);
      observe(learner, i, i + 7, 7);
      observe(learner, i, i + 12, 3);
      learner.predictBatch(noise(20 * INPUTS), 20);
      const [first] = learner.grow("hidden1", 9);
      learner.remove(
        "hidden1",
        Array.from({ length: 9 }, (_, k) => first + k),
      );
      learner.restore(learner.snapshot());
    };
    for (let i = 0; i < 5; i++) round(i);
    const { arena } = learner.network.compute;
    const [used, size] = [arena.used, arena.memory.buffer.byteLength];
    for (let i = 0; i < 40; i++) round(i);
    expect([arena.used, arena.memory.buffer.byteLength]).toEqual([used, size]);
  });
});

describe("several learners of one network", () => {
  it("have buffers for their own batches: one that learns nothing leaves no trace", () => {
    const run = (extra: boolean) => {
      const net = sequential({ inputs: INPUTS, seed: 2 }, [dense(7, relu()), dense(6, crelu()), dense(CLASSES)]);
      const one = learnerOf({ rule: sgd({ lr: 0.05 }) }, net);
      const other = learnerOf({ rule: hebb({ lr: 0 }) }, net);
      for (let i = 0; i < 6; i++) {
        observe(one, i, i + 1);
        if (extra) observe(other, 50, 50 + 8 * (i + 1), 8);
        observe(one, i, i + 16, 16);
        if (extra) observe(other, 50, 51);
        if (i === 3) one.grow("hidden2", 5);
      }
      return one.fingerprint();
    };
    expect(run(true)).toBe(run(false));
  });
});

describe("outputs that take part", () => {
  it.each([1, 6])("are all that learns, %i examples at a time", (examples) => {
    const learner = learnerOf({ rule: sgd({ lr: 0.1 }) });
    const last = learner.network.projections[2].columns;
    const state = () =>
      [...last.packed("w"), ...learner.network.outputs.columns.packed("bias")].map((w, i) => [i % 4, w]);
    const of = (outputs: number[]) => state().filter(([output]) => outputs.includes(output));
    const before = [of([1, 3]), of([0, 2])];
    const xs = noise(examples * INPUTS).map((v, i) => v + i);
    for (let i = 0; i < 5; i++) {
      const labels = Array.from({ length: examples }, (_, row) => 2 * ((row + i) % 2));
      const taking = { outputs: [0, 2] };
      const { loss, ...seen } =
        examples === 1 ? learner.observe(xs, labels[0], taking) : learner.observeBatch(xs, labels, taking);
      expect(loss).toBeGreaterThan(0);
      for (const winner of "prediction" in seen ? [seen.prediction] : seen.predictions)
        expect([0, 2]).toContain(winner);
    }
    expect(of([1, 3])).toEqual(before[0]);
    expect(of([0, 2])).not.toEqual(before[1]);
  });

  it("a class that joins the caller's own list learns from then on", () => {
    const learner = learnerOf({ rule: sgd({ lr: 0.1 }) });
    const outputs = [0];
    learner.observe(noise(INPUTS), 0, { outputs });
    outputs.push(3);
    const { loss } = learner.observe(noise(INPUTS), 3, { outputs });
    const after = learner.observe(noise(INPUTS), 3, { outputs });
    expect(loss).toBeGreaterThan(0);
    expect(after.loss).toBeLessThan(loss);
    expect(after.prediction).toBe(3);
  });
});

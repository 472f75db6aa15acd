/** What all kinds of dropout have in common: their gradients, and that they survive what structure does. */
import { expect, it } from "vitest";
import { eventsOf, observe, untidy } from "../../life/testing.ts";
import { relu } from "../../network/neurons.ts";
import type { Dropout } from "../../network/silencing.ts";
import { adam } from "../../rules/synaptic/adam.ts";
import { dropout, dropouts } from "./index.ts";
import { drawn, learnerWith, masks } from "./testing.ts";

const kinds = Object.entries(dropouts) as [string, (options: object) => Dropout][];

it.each(kinds)("%s: weights learn by the gradient of the loss under the mask", (name, kind) => {
  const lr = 1;
  // Standout's credit does not pass through keep, so here keep hardly follows the input.
  const options = name === "standout" ? { alpha: 0.001 } : {};
  const learner = learnerWith({ dropout: kind(options), sizes: [12, 9] });
  learner.set("lr", lr);
  const { network } = learner;
  const x = drawn(6);
  const loss = () => {
    masks(learner, 1);
    const [a, b, c] = network.outputs.outputs(1);
    return Math.log(Math.exp(a) + Math.exp(b) + Math.exp(c)) - b;
  };
  const before = network.projections.map(({ columns }) => columns.packed("w"));
  const slopes = network.projections.map(({ columns }, p) =>
    [0, 7, 17, 23].map((i) => {
      const [row, lane] = [Math.floor(i / columns.lanes), i % columns.lanes];
      const at = (value: number) => {
        columns.set("w", row, lane, value);
        return loss();
      };
      const w = before[p][i];
      const slope = (at(w + 2 ** -6) - at(w - 2 ** -6)) / 2 ** -5;
      columns.set("w", row, lane, w);
      return slope;
    }),
  );
  expect(Math.max(...slopes.flat().map(Math.abs))).toBeGreaterThan(0.01);
  learner.observe(x, 1);
  network.projections.forEach(({ columns }, p) => {
    const after = columns.packed("w");
    [0, 7, 17, 23].forEach((i, n) => {
      expect((before[p][i] - after[i]) / lr).toBeCloseTo(slopes[p][n], 3);
    });
  });
});

it.each(kinds)("%s: a life goes on from a snapshot to the same bits, births and deaths and all", (_, kind) => {
  const make = () => learnerWith({ dropout: kind({}), sizes: [12, 9], model: relu(), rule: adam({ lr: 0.01 }) });
  const live = (learner: ReturnType<typeof make>, from: number) => {
    const events = eventsOf(learner);
    observe(learner, from, from + 20);
    learner.grow("hidden1", 6);
    observe(learner, from + 20, from + 40, 4);
    learner.remove(
      "hidden1",
      learner.network.populations[1].neurons.slice(2, 5).map(({ id }) => id),
    );
    learner.replace("hidden2", [learner.network.populations[2].neurons[1].id]);
    observe(learner, from + 40, from + 50);
    return events.length;
  };
  const [first, second] = [make(), make()];
  expect(live(first, 0)).toBe(4);
  second.restore(first.snapshot());
  expect(second.fingerprint()).toBe(first.fingerprint());
  live(first, 50);
  live(second, 50);
  expect(second.fingerprint()).toBe(first.fingerprint());
  expect(untidy(first.network)).toEqual([]);
});

/** Those whose mask of a neuron depends on nobody else. */
const independent = kinds.filter(([name]) => !["drop-block", "targeted"].includes(name));

it.each(independent)("%s: who is born or dies changes nothing in the draws of others", (_, kind) => {
  const [still, changing] = [learnerWith({ dropout: kind({}) }), learnerWith({ dropout: kind({}) })];
  const { neurons } = changing.network.populations[1];
  const before = new Map(still.network.populations[1].neurons.map(({ id }, slot) => [id, slot]));
  changing.remove("hidden1", [neurons[0].id, neurons[7].id]);
  changing.grow("hidden1", 5);
  changing.replace("hidden1", [neurons[3].id]);
  for (const step of [1, 2, 3]) {
    const [a, b] = [masks(still, step, { examples: 3 }), masks(changing, step, { examples: 3 })];
    let compared = 0;
    neurons.forEach(({ id }, slot) => {
      const slotBefore = before.get(id);
      if (slotBefore === undefined) return;
      compared++;
      for (const row of [0, 1, 2]) expect(b[row][slot]).toBe(a[row][slotBefore]);
    });
    expect(compared).toBe(37);
  }
});

it.each(kinds)("%s: any number of threads lives the same life", (_, kind) => {
  const lives = [1, 2].map((threads) => {
    const learner = learnerWith({ dropout: kind({}), sizes: [256], inputs: 64, model: relu(), threads });
    observe(learner, 0, 96, 32);
    learner.close();
    return learner.fingerprint();
  });
  expect(lives[1]).toBe(lives[0]);
});

it.each(kinds)("%s: predicting, evaluating and examining draw nothing and change nothing", (_, kind) => {
  const learner = learnerWith({ dropout: kind({}) });
  observe(learner, 0, 20);
  const [print, x] = [learner.fingerprint(), drawn(6)];
  const said = learner.predict(x);
  const examples = { count: 2, xs: [...x, ...x], ys: [0, 1] };
  const { loss } = learner.evaluate(examples);
  expect(learner.examine(examples, {})).toBe(loss);
  learner.predictUncertain(x, { samples: 3 });
  expect(learner.predict(x)).toEqual(said);
  expect(learner.predictBatch([...x, ...x], 2)).toEqual(Float32Array.of(...said, ...said));
  expect(learner.fingerprint()).toBe(print);
});

it("a learner takes up no life of another dropout", () => {
  const [half, more, none] = [dropout(0.5), dropout(0.6), undefined].map((kind) => learnerWith({ dropout: kind }));
  expect(() => more.restore(half.snapshot())).toThrow('"rate":0.5');
  expect(() => none.restore(half.snapshot())).toThrow("the snapshot's populations");
  expect(() => half.restore(none.snapshot())).toThrow("the snapshot's populations");
});

it("layers that come later bring their dropout, and a snapshot makes them again", () => {
  const make = () => learnerWith({ model: relu() });
  const first = make();
  first.addLayer({
    from: "input",
    to: "output",
    size: 8,
    name: "beside",
    dropout: dropouts.concrete({ per: "layer" }),
  });
  observe(first, 0, 10);
  const second = make();
  second.restore(first.snapshot());
  observe(first, 10, 20);
  observe(second, 10, 20);
  expect(second.network.population("beside").silencing!.kind.name).toBe("concrete");
  expect(second.fingerprint()).toBe(first.fingerprint());
});

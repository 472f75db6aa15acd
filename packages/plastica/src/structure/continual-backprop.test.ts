import { describe, expect, test } from "vitest";
import { backprop } from "../credit/backprop.ts";
import { crossEntropy } from "../credit/losses.ts";
import { ValueError } from "../errors.ts";
import { type Learner, live } from "../life/learner.ts";
import { eventsOf, example, observe } from "../life/testing.ts";
import { relu } from "../network/neurons.ts";
import { conv, dense, sequential } from "../network/sequential.ts";
import { adam, sgd } from "../rules/index.ts";
import { type ContinualBackpropOptions, continualBackprop } from "./continual-backprop.ts";
import type { Died, LifeEvent } from "./events.ts";
import { lotteryTickets } from "./pruning/lottery-tickets.ts";
import { pruning } from "./pruning/pruning.ts";
import { Published, type PublishedOptions } from "./published.testing.ts";
import { returnToBirth } from "./renewal/renewal.ts";
import type { UtilityName } from "./utility.ts";

const [INPUTS, CLASSES] = [6, 3];

function learnerWith(
  options: ContinualBackpropOptions | undefined,
  rule = sgd({ lr: 0.02 }),
  widths = [11, 9],
): Learner {
  const net = sequential({ inputs: INPUTS, seed: 21 }, [...widths.map((n) => dense(n, relu())), dense(CLASSES)]);
  const structure = options ? [continualBackprop(options)] : [];
  return live(net, { credit: backprop({ loss: crossEntropy() }), rule, structure });
}

const deaths = (events: LifeEvent[]) => events.filter((event): event is Died => event.type === "died");

/** The largest difference between the engine's parameters, and what it keeps of them, and the reference's. */
function difference({ network }: Learner, { layers }: Published, state: readonly ("m" | "v")[]): number {
  let most = 0;
  const compare = (a: number, b: number) => (most = Math.max(most, Math.abs(a - b)));
  for (const [l, { columns, post, pre }] of network.projections.entries()) {
    for (const column of ["w", ...state] as const) {
      const field = column === "w" ? "value" : column;
      const weights = columns.packed(column);
      const biases = post.columns.packed(column === "w" ? "bias" : `bias.${column}`);
      for (const [lane, { bias, incoming }] of layers[l].entries()) {
        compare(biases[lane], bias[field]);
        for (let row = 0; row < pre.size; row++) compare(weights[row * post.size + lane], incoming[row][field]);
      }
    }
  }
  return most;
}

describe("as published", () => {
  const common = { replacementRate: 0.01, maturity: 15, decay: 0.95 };
  const cases: [PublishedOptions, number][] = [
    [{ rule: "sgd", lr: 0.02, utility: "adaptable-contribution", ...common }, 1],
    [{ rule: "adam", lr: 0.003, utility: "adaptable-contribution", ...common }, 1],
    [{ rule: "adam", lr: 0.003, utility: "adaptable-contribution", ...common }, 5],
    [{ rule: "sgd", lr: 0.02, utility: "contribution", ...common }, 1],
    [{ rule: "sgd", lr: 0.02, utility: "contribution", ...common }, 4],
    [{ rule: "sgd", lr: 0.02, utility: "zero-contribution", ...common }, 1],
    [{ rule: "sgd", lr: 0.02, utility: "zero-contribution", ...common }, 4],
    [{ rule: "sgd", lr: 0.02, utility: "weight", ...common }, 1],
    [{ rule: "sgd", lr: 0.02, utility: "adaptation", ...common }, 1],
    [{ rule: "sgd", lr: 0.02, utility: "feature-by-input", ...common, replacementRate: 0.2 }, 3],
    [{ rule: "sgd", lr: 0.02, utility: "adaptable-contribution", ...common, maturity: 0, decay: 0 }, 1],
  ];
  test.each(cases)("%j in batches of %i: who dies, when, of what utility, and what is left", (options, batch) => {
    const { rule, lr, ...policy } = options;
    const learner = learnerWith({ ...policy, refresh: 1 }, rule === "sgd" ? sgd({ lr }) : adam({ lr }));
    const reference = new Published(learner.network, options);
    const events = eventsOf(learner);
    let replaced = 0;
    for (let step = 1; step <= 300; step++) {
      events.length = 0;
      observe(learner, step * batch, (step + 1) * batch, batch);
      const examples = Array.from({ length: batch }, (_, j) => example(step * batch + j, INPUTS, CLASSES));
      const expected = reference.learn(
        examples.map(({ x }) => x),
        examples.map(({ y }) => y),
      );
      const [died, born] = [deaths(events), events.filter((event) => event.type === "born")];
      expect([died.length, born.length]).toEqual([expected.length, expected.length]);
      for (const [i, { layer, slots, utility }] of expected.entries()) {
        const { neurons } = learner.network.populations[layer + 1];
        expect(born[i].neurons).toEqual(slots.map((slot) => neurons[slot].id));
        expect(reference.layers[layer].map(({ id }) => id)).toEqual(neurons.map(({ id }) => id));
        for (const [j, value] of utility.entries()) {
          expect(Math.abs(died[i].utility![j] - value)).toBeLessThan(1e-4 * Math.abs(value) + 1e-7);
        }
        replaced += slots.length;
      }
      const ages = learner.network.population("hidden1").columns.packed("age");
      expect([...ages]).toEqual(reference.layers[0].map(({ age }) => age));
    }
    expect(replaced).toBeGreaterThan(40);
    expect(difference(learner, reference, rule === "adam" ? ["m", "v"] : [])).toBeLessThan(1e-5);
  });
});

test("with means of |w| refreshed in rotation, nine of ten deaths are still those of the published algorithm", () => {
  const widths = [48, 48];
  const life = (refresh: number) => {
    const options = { replacementRate: 2e-3, maturity: 60, refresh };
    const learner = learnerWith(options, sgd({ lr: 0.02 }), widths);
    const events = eventsOf(learner);
    observe(learner, 0, 600);
    return deaths(events).flatMap(({ population, neurons }) => neurons.map((id) => `${population} ${id}`));
  };
  const [published, rotating] = [life(1), life(40)];
  expect(published.length).toBeGreaterThan(90);
  const same = rotating.filter((death) => published.includes(death)).length;
  expect(same / published.length).toBeGreaterThan(0.9);
});

test("with no replacement it is plain backprop, to the bit", () => {
  const [with0, without] = [learnerWith({ replacementRate: 0 }), learnerWith(undefined)];
  for (const batch of [1, 5]) expect(observe(with0, 0, 200, batch)).toEqual(observe(without, 0, 200, batch));
});

test("policies that come after it read the signals that were learned from", () => {
  const hidden = { batch: dense(8, relu()), maps: conv(4, relu(), { kernel: 2 }) };
  for (const [name, layer] of Object.entries(hidden)) {
    const scores = [false, true].map((last) => {
      const image = { height: 3, width: 2, channels: 1 };
      const net = sequential({ inputs: name === "maps" ? image : INPUTS, seed: 21 }, [layer, dense(CLASSES)]);
      const looking = pruning({ granularity: "neuron", score: "taylor", from: "running" });
      const judging = continualBackprop({ replacementRate: 0 });
      const structure = last ? [judging, looking] : [looking, judging];
      const learner = live(net, { credit: backprop({ loss: crossEntropy() }), rule: sgd({ lr: 0.02 }), structure });
      observe(learner, 0, 40, name === "maps" ? 1 : 8);
      return net.populations[1].columns.packed("pruning.activity.0");
    });
    expect(Math.max(...scores[0])).toBeGreaterThan(0);
    expect(scores[1]).toEqual(scores[0]);
  }
});

test("nobody dies before maturity, and fractions of a neuron add up", () => {
  const learner = learnerWith({ replacementRate: 0.03, maturity: 20 });
  const events = eventsOf(learner);
  observe(learner, 0, 400);
  const died = deaths(events);
  expect(died[0].step).toBe(24); // 0.03 * 11 of one are due at 21, 22, 23, 24
  for (const { step, born } of died) for (const birth of born) expect(step - birth).toBeGreaterThan(20);
  const ofFirst = died.filter(({ population }) => population === "hidden1").flatMap(({ neurons }) => neurons);
  expect(ofFirst.length).toBeGreaterThan(0.03 * 380 * 4);
  expect(ofFirst.length).toBeLessThan(0.03 * 380 * 11);
});

test("without accumulation, fractions are drawn for: as many in the mean, at other times", () => {
  const number = (accumulate: boolean) => {
    const learner = learnerWith({ replacementRate: 0.02, maturity: 0, accumulate }, sgd(), [20]);
    const events = eventsOf(learner);
    observe(learner, 0, 1000);
    return deaths(events).map(({ neurons }) => neurons.length);
  };
  const sum = (counts: number[]) => counts.reduce((total, n) => total + n, 0);
  const [adding, drawing] = [number(true), number(false)];
  // About 0.38 a step of 19.6 mature ones: a standard deviation of 15 of drawing 1000 times.
  expect(Math.abs(sum(drawing) - sum(adding))).toBeLessThan(60);
  const whole = learnerWith({ replacementRate: 1, maturity: 5, accumulate: false });
  const events = eventsOf(whole);
  observe(whole, 0, 6);
  expect(deaths(events).map(({ neurons }) => neurons.length)).toEqual([11, 9]);
});

test("by lot, every neuron is as likely to die as any other", () => {
  const learner = learnerWith({ replacementRate: 0.05, maturity: 0, utility: "random" }, sgd(), [8]);
  const events = eventsOf(learner);
  const deathsOfSlot = new Array(8).fill(0);
  const { neurons } = learner.network.population("hidden1");
  for (let step = 0; step < 2000; step++) {
    const before = neurons.map(({ id }) => id);
    events.length = 0;
    observe(learner, step, step + 1);
    for (const { neurons: dead } of deaths(events)) for (const id of dead) deathsOfSlot[before.indexOf(id)]++;
  }
  const total = deathsOfSlot.reduce((sum, n) => sum + n, 0);
  expect(total).toBeGreaterThan(600);
  for (const count of deathsOfSlot) expect(Math.abs(count - total / 8)).toBeLessThan(4 * Math.sqrt(total / 8));
});

test("neurons born and removed by other hands are judged like its own", () => {
  const learner = learnerWith({ replacementRate: 0.02, maturity: 10, refresh: 1000 });
  observe(learner, 0, 30);
  const [first] = learner.grow("hidden1", 2);
  observe(learner, 30, 31);
  const { columns, neurons } = learner.network.population("hidden1");
  const slot = neurons.findIndex(({ id }) => id === first);
  expect(columns.view("continual-backprop.in.0")[slot]).toBeGreaterThan(0);
  expect(columns.view("continual-backprop.out.0.0")[slot]).toBeGreaterThanOrEqual(0);
  // Of the first eleven two are left: 0.02 * 2 a step are due, and not 0.02 * 13.
  learner.remove("hidden1", neurons.map(({ id }) => id).slice(0, 11));
  const events = eventsOf(learner);
  observe(learner, 31, 50);
  const dead = deaths(events).filter(({ population }) => population === "hidden1");
  expect(dead.length).toBeLessThanOrEqual(1);
});

test.each([
  [{ replacementRate: -0.1 }, /replacementRate is -0.1: a share from 0 to 1/],
  [{ replacementRate: Number.NaN }, /replacementRate is NaN/],
  [{ replacementRate: 1.01 }, /replacementRate is 1.01/],
  [{ maturity: 2.5 }, /maturity is 2.5: a whole number/],
  [{ maturity: -1 }, /maturity is -1/],
  [{ maturity: 2 ** 24 }, /maturity is 16777216: .* below 2\^24/],
  [{ decay: 1 }, /decay is 1: from 0 to 1, without 1/],
  [{ decay: -0.1 }, /decay is -0.1/],
  [{ refresh: 0 }, /refresh is 0: a whole number of steps from 1/],
  [{ accumulate: "false" as never }, /accumulate is "false": true or false/],
  [{ utility: "constructor" as UtilityName }, /utility is "constructor": one of contribution, zero-contribution/],
])("options out of range say so: %j", (options, message) => {
  expect(() => continualBackprop(options)).toThrow(ValueError);
  expect(() => continualBackprop(options)).toThrow(message);
});

test("where somebody else has made all of a layer young again, nobody dies until some are mature", () => {
  const learner = live(sequential({ inputs: 7, seed: 5 }, [dense(9, relu()), dense(3)]), {
    credit: backprop({ loss: crossEntropy() }),
    rule: sgd({ lr: 0.05 }),
    structure: [
      lotteryTickets({ rounds: 1, updates: 30, target: 0.5 }),
      continualBackprop({ replacementRate: 0.2, maturity: 10 }),
    ],
  });
  const events = eventsOf(learner);
  observe(learner, 0, 60);
  const deaths = events.filter(({ type }) => type === "died").map(({ step }) => step);
  expect(deaths.some((step) => step <= 30)).toBe(true);
  expect(deaths.filter((step) => step > 30 && step <= 40)).toEqual([]);
  expect(deaths.some((step) => step > 40)).toBe(true);
});

test("a layer that was made young again is measured anew, in a life taken up from a snapshot too", () => {
  const [one, heir] = [learnerWith({ refresh: 1000 }), learnerWith({ refresh: 1000 })];
  observe(one, 0, 20);
  const { network } = one;
  const layer = network.population("hidden2");
  returnToBirth(network, layer, 3);
  network.changed();
  heir.restore(one.snapshot());
  for (const learner of [one, heir]) observe(learner, 20, 21);
  expect(heir.fingerprint()).toBe(one.fingerprint());
  const { columns } = network.incoming(layer)[0];
  const w = columns.packed("w");
  const measured = layer.columns.packed("continual-backprop.in.0");
  measured.forEach((sum, lane) => {
    let right = 0;
    for (let row = 0; row < columns.rows; row++) right += Math.abs(w[row * columns.lanes + lane]);
    expect(sum).toBeCloseTo(right, 5);
  });
});

test("on maps, layers that were tried and taken back leave no trace in what is learned after", () => {
  const born = () =>
    live(
      sequential({ inputs: { height: 6, width: 6, channels: 4 }, seed: 3 }, [
        ...[conv(12, relu(), { kernel: 3, padding: 1 }), conv(4, relu(), { kernel: 2 }), dense(4, relu()), dense(3)],
      ]),
      {
        credit: backprop({ loss: crossEntropy() }),
        rule: sgd({ lr: 0.02 }),
        structure: [continualBackprop({ replacementRate: 0.05, maturity: 4 })],
      },
    );
  const batch = (learner: Learner, examples: number) => {
    const xs = Array.from({ length: 144 * examples }, (_, i) => Math.sin(i * 1.3));
    const labels = Array.from({ length: examples }, (_, i) => i % 3);
    return learner.observeBatch(xs, labels).loss;
  };
  const [tried, spared] = [born(), born()];
  for (const learner of [tried, spared]) batch(learner, 3);
  const undo = tried.branch();
  tried.addLayer({ from: "input", to: "hidden2", size: 3, like: "hidden1" });
  tried.insertLayer("hidden1-hidden2");
  batch(tried, 3);
  undo();
  for (const examples of [49, 3, 50]) expect(batch(tried, examples)).toBe(batch(spared, examples));
  expect(tried.fingerprint()).toBe(spared.fingerprint());
});

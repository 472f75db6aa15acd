import { describe, expect, test } from "vitest";
import { backprop } from "../../credit/backprop.ts";
import { crossEntropy } from "../../credit/losses.ts";
import { unsupervised } from "../../credit/unsupervised.ts";
import { type Learner, live } from "../../life/learner.ts";
import { eventsOf, example, observe, untidy } from "../../life/testing.ts";
import { relu } from "../../network/neurons.ts";
import { dense, sequential } from "../../network/sequential.ts";
import { adam, oja } from "../../rules/index.ts";
import type { Rewired } from "../events.ts";
import { gradientOf } from "../gradients.ts";
import { absent, density, places, present } from "../synapses.ts";
import { type PruningOptions, pruning } from "./pruning.ts";
import type { Score } from "./scores/score.ts";

const [INPUTS, CLASSES] = [6, 3];

function learnerWith(options: PruningOptions, widths = [12, 8], seed = 5): Learner {
  const network = sequential({ inputs: INPUTS, seed }, [...widths.map((n) => dense(n, relu())), dense(CLASSES)]);
  const credit = backprop({ loss: crossEntropy() });
  return live(network, { credit, rule: adam({ lr: 0.005 }), structure: [pruning({ orphans: false, ...options })] });
}

const all = ({ network }: Learner) => network.projections.reduce((sum, each) => sum + places(each), 0);
const left = ({ network }: Learner) => network.projections.reduce((sum, each) => sum + present(each).length, 0);

/** A learner in the same state, after the update that the policy is about to act upon, which it does not. */
function justBefore(learner: Learner, options: PruningOptions, step: number, widths?: number[]): Learner {
  const twin = learnerWith(options, widths);
  twin.restore(learner.snapshot());
  const { x, y } = example(step - 1, INPUTS, CLASSES);
  twin.practise({ count: 1, xs: x, ys: [y] });
  return twin;
}

describe("synapses", () => {
  test.each([
    ["one-shot", [[20, 0.8]]],
    [
      "gradual",
      [
        [20, 0],
        [27, 0.8 * (1 - (33 / 40) ** 3)],
        [41, 0.8 * (1 - (19 / 40) ** 3)],
        [60, 0.8],
      ],
    ],
    [
      "iterative",
      [
        [20, 1 - 0.2 ** (1 / 7)],
        [27, 1 - 0.2 ** (2 / 7)],
        [55, 1 - 0.2 ** (6 / 7)],
        [60, 0.8],
      ],
    ],
  ] as const)("%s: as much goes as its formula says, and the smallest first", (schedule, shares) => {
    const options = { schedule, target: 0.8, start: 20, end: 60, every: 7 };
    const learner = learnerWith(options);
    const events = eventsOf(learner);
    for (const [step, share] of shares) {
      observe(learner, learner.step, step - 1);
      const twin = justBefore(learner, options, step);
      const sizes = twin.network.projections.flatMap((each) => {
        const w = each.columns.packed("w");
        return Array.from(present(each), (place) => Math.abs(w[place]));
      });
      events.length = 0;
      observe(learner, step - 1, step);
      expect(left(learner)).toBe(all(learner) - Math.round(share * all(learner)));
      const going = sizes.length - left(learner);
      expect(events.reduce((sum, event) => sum + (event as Rewired).pruned, 0)).toBe(going);
      const limit = sizes.toSorted((a, b) => a - b)[going];
      for (const each of learner.network.projections) {
        const w = each.columns.packed("w");
        for (const place of present(each)) expect(Math.abs(w[place])).toBeGreaterThanOrEqual(limit);
      }
    }
    observe(learner, 60, 90);
    expect(left(learner)).toBe(all(learner) - Math.round(0.8 * all(learner)));
    expect(learner.network.parameters).toBe(left(learner) + 12 + 8 + 3);
  });

  test("within each layer the same share goes; in rounds, scores are taken anew", () => {
    const layers = learnerWith({ scope: "layer", schedule: "one-shot", start: 3, target: 0.75 });
    observe(layers, 0, 3);
    expect(layers.network.projections.map(density)).toEqual([0.25, 0.25, 0.25]);
    // In one round synaptic flow cuts off what in many rounds it would have seen to be the last ways through.
    const flows = [1, 40].map((rounds) => {
      const learner = learnerWith({ score: "synaptic-flow", schedule: "one-shot", start: 1, target: 0.9, rounds });
      observe(learner, 0, 1);
      expect(left(learner)).toBe(all(learner) - Math.round(0.9 * all(learner)));
      return learner.network.projections.map((each) => present(each).length);
    });
    expect(flows[1]).not.toEqual(flows[0]);
  });

  test("dynamic: more goes than must, and as much grows where gradients are largest", () => {
    const options = { schedule: "dynamic", target: 0.6, start: 10, end: 50, every: 10, examples: 12 } as const;
    const learner = learnerWith(options);
    const events = eventsOf(learner);
    const grown: number[] = [];
    for (const step of [10, 20, 30, 40, 50]) {
      observe(learner, learner.step, step - 1);
      const twin = justBefore(learner, options, step);
      const seen = Array.from({ length: Math.min(12, step) }, (_, i) =>
        example(step - Math.min(12, step) + i, INPUTS, CLASSES),
      );
      const examples = { count: seen.length, xs: seen.flatMap(({ x }) => [...x]), ys: seen.map(({ y }) => y) };
      const slopes = new Map<string, Float32Array>();
      twin.examine(examples, {
        projection: (each) => void slopes.set(each.name, gradientOf(twin.network, each, seen.length).map(Math.abs)),
      });
      const gaps = twin.network.projections.map((each) => new Set(absent(each)));
      events.length = 0;
      observe(learner, step - 1, step);
      const news = learner.network.projections.map((each, l) =>
        [...gaps[l]].filter((place) => !new Set(absent(each)).has(place)),
      );
      const slope = (l: number, place: number) => slopes.get(learner.network.projections[l].name)![place];
      const taken = news.flatMap((list, l) => list.map((place) => slope(l, place)));
      const passed = gaps.flatMap((list, l) =>
        [...list].filter((place) => !news[l].includes(place)).map((place) => slope(l, place)),
      );
      if (taken.length > 0 && passed.length > 0) expect(Math.min(...taken)).toBeGreaterThanOrEqual(Math.max(...passed));
      for (const [l, list] of news.entries()) {
        const { columns } = learner.network.projections[l];
        for (const place of list) {
          const at = [Math.floor(place / columns.lanes), place % columns.lanes] as const;
          expect(["w", "plasticity", "m", "v"].map((name) => columns.get(name, ...at))).toEqual([0, 1, 0, 0]);
        }
      }
      grown.push(taken.length);
      const share = 0.6 * (1 - (1 - (step - 10) / 40) ** 3);
      expect(Math.abs(left(learner) - (1 - share) * all(learner))).toBeLessThanOrEqual(1);
    }
    expect(grown[2]).toBeGreaterThan(5);
    expect(grown[4]).toBe(0);
  });

  test("iterative with rewinding: survivors are as they were early, with the state of newborns", () => {
    const learner = learnerWith({ schedule: "iterative", target: 0.7, start: 30, end: 90, every: 30, rewindTo: 8 });
    observe(learner, 0, 8);
    const { network } = learner;
    const early = network.projections.map(({ columns }) => columns.packed("w"));
    const biases = network.populations.slice(1).map(({ columns }) => columns.packed("bias"));
    const events = eventsOf(learner);
    observe(learner, 8, 60);
    expect(events.at(-1)).toEqual({ type: "treated", step: 60, cause: "pruning", treatment: "rewound" });
    for (const [l, projection] of network.projections.entries()) {
      const { columns } = projection;
      const gone = new Set(absent(projection));
      expect(gone.size).toBeGreaterThan(0);
      expect([...columns.packed("w")]).toEqual([...early[l]].map((w, i) => (gone.has(i) ? 0 : w)));
      expect([...columns.packed("m"), ...columns.packed("v")].every((value) => value === 0)).toBe(true);
    }
    for (const [l, { columns }] of network.populations.slice(1).entries()) {
      expect(columns.packed("bias")).toEqual(biases[l]);
      expect([...columns.packed("age"), ...columns.packed("bias.m")].every((value) => value === 0)).toBe(true);
    }
  });
});

test.each([
  { schedule: "gradual" },
  { schedule: "gradual", target: 0.85, orphans: true },
  { schedule: "gradual", score: "taylor", from: "running", scope: "layer" },
  { schedule: "dynamic", score: "snip", examples: 9 },
  { schedule: "iterative", rewindTo: 12 },
  { schedule: "one-shot", score: "synaptic-flow", rounds: 5 },
  { granularity: "block", lanes: 4 },
  { granularity: "layer", target: 0.5 },
] as const)("births and deaths by other hands, a snapshot in the middle, and the same life goes on: %j", (options) => {
  const timed = { target: 0.7, start: 20, end: 62, every: 7, ...options };
  const [one, two] = [learnerWith(timed), learnerWith(timed)];
  observe(one, 0, 15);
  one.grow("hidden1", 3);
  one.addLayer({ name: "beside", from: "input", to: "output", size: 3 });
  observe(one, 15, 31, 4);
  one.remove("hidden2", [one.network.population("hidden2").neurons[0].id]);
  observe(one, 31, 41);
  const undo = one.branch();
  const print = one.fingerprint();
  observe(one, 41, 60);
  expect(one.fingerprint()).not.toBe(print);
  undo();
  expect(one.fingerprint()).toBe(print);
  two.restore(one.snapshot());
  expect(observe(two, 41, 80)).toEqual(observe(one, 41, 80));
  expect(two.fingerprint()).toBe(one.fingerprint());
  expect(untidy(one.network)).toEqual([]);
});

test.each([
  { granularity: "neuron", score: "taylor" },
  { granularity: "synapse" },
  { granularity: "block", lanes: 4 },
] as const)(
  "of what there was when the life began so much goes, in a learner that was made larger, too: %j",
  (options) => {
    const timed = { target: 0.5, start: 20, end: 40, every: 10, ...options };
    const [one, heir] = [learnerWith(timed), learnerWith(timed, [30, 24])];
    observe(one, 0, 25);
    heir.restore(one.snapshot());
    expect(heir.fingerprint()).toBe(one.fingerprint());
    for (const learner of [one, heir]) observe(learner, 25, 45);
    expect(heir.fingerprint()).toBe(one.fingerprint());
    // A snapshot that does not say what there was is of as much as this learner was made with.
    const policy = pruning(timed).attach(learnerWith(timed));
    const made = policy.save();
    policy.load(0, {});
    expect(policy.save()).toEqual(made);
    expect(() => policy.load({ remembered: 0, neurons: { hidden1: "12" }, places: {} }, {})).toThrow("whole numbers");
  },
);

test("blocks go as one, the least on the whole first", () => {
  const options = { granularity: "block", lanes: 4, schedule: "one-shot", start: 10, target: 0.5 } as const;
  const learner = learnerWith(options, [12, 9]);
  observe(learner, 0, 9);
  const worth: number[] = [];
  // Rows of 12, 9 and 3 places: three, three (the last of one place) and one block each.
  for (const { columns } of justBefore(learner, options, 10, [12, 9]).network.projections) {
    const w = columns.packed("w").map(Math.abs);
    for (let row = 0; row < columns.rows; row++) {
      for (let lane = 0; lane < columns.lanes; lane += 4) {
        const block = w.slice(row * columns.lanes + lane, row * columns.lanes + Math.min(columns.lanes, lane + 4));
        worth.push(block.reduce((sum, value) => sum + value, 0) / block.length);
      }
    }
  }
  expect(worth.length).toBe(6 * 3 + 12 * 3 + 9);
  const limit = worth.toSorted((a, b) => a - b)[Math.round(0.5 * worth.length)];
  observe(learner, 9, 10);
  let at = 0;
  for (const projection of learner.network.projections) {
    const { lanes, rows } = projection.columns;
    const gone = new Set(absent(projection));
    for (let row = 0; row < rows; row++) {
      for (let lane = 0; lane < lanes; lane += 4, at++) {
        for (let i = lane; i < Math.min(lanes, lane + 4); i++)
          expect(gone.has(row * lanes + i)).toBe(worth[at] < limit);
      }
    }
  }
});

test("what is cut off dies, and the network computes what it computed before", () => {
  const options = { schedule: "one-shot", start: 30, target: 0.85 } as const;
  const [kept, swept] = [learnerWith(options), learnerWith({ ...options, orphans: true })];
  const events = eventsOf(swept);
  for (const learner of [kept, swept]) observe(learner, 0, 30);
  const died = events.filter((event) => event.type === "died").flatMap(({ neurons }) => neurons);
  expect(died.length).toBeGreaterThan(3);
  for (const { pre, post, columns } of swept.network.projections) {
    const w = columns.packed("w");
    const joined = (at: (i: number) => number) => new Set([...w.keys()].filter((i) => w[i] !== 0).map(at));
    // One of each population may stay for its name's sake.
    if (post !== swept.network.outputs) expect(joined((i) => i % post.size).size).toBeGreaterThanOrEqual(post.size - 1);
    if (pre !== swept.network.inputs)
      expect(joined((i) => Math.floor(i / post.size)).size).toBeGreaterThanOrEqual(pre.size - 1);
  }
  for (let i = 0; i < 20; i++) {
    const { x } = example(1000 + i, INPUTS, CLASSES);
    const right = kept.predict(x);
    swept.predict(x).forEach((value, j) => expect(value).toBeCloseTo(right[j], 5));
  }
  expect(swept.network.parameters).toBeLessThan(kept.network.parameters);
  // The share is of what there was: nothing more goes because the dead took their places with them.
  const again = learnerWith({ schedule: "gradual", start: 30, end: 90, every: 10, target: 0.85, orphans: true });
  observe(again, 0, 95);
  expect(left(again)).toBeLessThanOrEqual(Math.round(0.15 * 192));
  expect(left(again)).toBeGreaterThan(0.1 * 192);
});

test("a score of one's own is used like any other", () => {
  const largest: Score = { name: "largest", synapses: ({ columns }) => columns.packed("w").map((w) => -Math.abs(w)) };
  const learner = learnerWith({ score: largest, schedule: "one-shot", start: 1, target: 0.5 });
  expect(learner.structure[0].options.score).toBe("largest");
  observe(learner, 0, 1);
  const sizes = learner.network.projections.flatMap((each) => {
    const w = each.columns.packed("w");
    return Array.from(present(each), (place) => Math.abs(w[place]));
  });
  expect(sizes.length).toBe(all(learner) / 2);
  expect(Math.max(...sizes)).toBeLessThan(0.5);
  expect(() => pruning({ score: { ...largest, name: "snip" } })).toThrow("snip is the name of a score that there is");
});

test("layers: the one whose neurons are worth least leaves, one stays", () => {
  const learner = learnerWith({ granularity: "layer", schedule: "one-shot", start: 10, target: 0.4 }, [8, 6, 7]);
  const events = eventsOf(learner);
  observe(learner, 0, 9);
  const worth = learner.network.projections.slice(0, 3).map(({ columns, post }) => {
    const w = columns.packed("w");
    return w.reduce((sum, value) => sum + Math.abs(value), 0) / post.size;
  });
  const least = `hidden${worth.indexOf(Math.min(...worth)) + 1}`;
  observe(learner, 9, 10);
  expect(events.map(({ type }) => type)).toEqual(["layer-died", "died"]);
  expect(events[0]).toMatchObject({ population: least, cause: "pruning" });
  expect(learner.network.populations.length).toBe(4);
  const all99 = learnerWith({ granularity: "layer", schedule: "one-shot", start: 10, target: 0.99 }, [8, 6, 7]);
  observe(all99, 0, 12);
  expect(all99.network.populations.length).toBe(3);
});

describe("credit without a loss", () => {
  const under = (options: PruningOptions) => () =>
    live(sequential({ inputs: 6, seed: 3 }, [dense(9, relu()), dense(8, relu()), dense(3)]), {
      credit: unsupervised(),
      rule: oja({ lr: 0.01 }),
      structure: [pruning({ start: 5, end: 10, every: 5, target: 0.5, examples: 8, ...options })],
    });
  const liveOn = (learner: Learner) => {
    for (let i = 0; i < 12; i++) learner.observe(example(i, 6, 3).x);
  };

  test.each(["magnitude", "activity", "utility", "synaptic-flow", "group-norm"] as const)(
    "%s prunes neurons",
    (score) => {
      const learner = under({ score, granularity: "neuron" })();
      liveOn(learner);
      const sizes = learner.network.hidden.map(({ size }) => size);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(17 - Math.round(17 / 2));
    },
  );

  test.each(["taylor", "snip", "fisher", "movement"] as const)("%s, of gradients, is refused", (score) => {
    const from = score === "movement" ? "running" : "batch";
    expect(under({ score, from })).toThrow(
      `pruning: ${score} is made of gradients, and credit without a loss gives none`,
    );
  });
});

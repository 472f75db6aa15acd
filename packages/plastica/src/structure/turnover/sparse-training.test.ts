import { describe, expect, test } from "vitest";
import { ValueError } from "../../errors.ts";
import { eventsOf, example, observe } from "../../life/testing.ts";
import { sgd } from "../../rules/index.ts";
import type { Rewired } from "../events.ts";
import { gradientOf } from "../gradients.ts";
import type { StructuralPolicy } from "../policy.ts";
import { density, places, present } from "../synapses.ts";
import { densities } from "./distribution.ts";
import { neuroplasticExpansion } from "./neuroplastic-expansion.ts";
import { rigl } from "./rigl.ts";
import { sparseEvolutionaryTraining } from "./set.ts";
import { staticMask } from "./static-mask.ts";
import { lifeUnder } from "./turnover.testing.ts";

const options = { density: 0.4, every: 10, end: 100, fraction: 0.5 };

describe("how synapses are shared out", () => {
  const { projections } = lifeUnder(staticMask(), { widths: [40, 30] }).network;
  const filled = (shares: ReadonlyMap<(typeof projections)[number], number>) =>
    projections.reduce((sum, one) => sum + shares.get(one)! * places(one), 0) /
    projections.reduce((sum, one) => sum + places(one), 0);

  test.each(["uniform", "erdos-renyi"] as const)("%s: as much of the whole as was asked for", (distribution) => {
    for (const asked of [0.05, 0.3, 0.8, 1]) {
      const shares = densities(projections, asked, distribution);
      expect(filled(shares)).toBeCloseTo(asked, 10);
      for (const share of shares.values()) expect(share).toBeLessThanOrEqual(1 + 1e-12);
    }
  });

  test("Erdős and Rényi: in proportion to (pre + post) / (pre post), small ones full", () => {
    const [first, middle, last] = projections;
    const shares = densities(projections, 0.1, "erdos-renyi");
    const wish = (pre: number, post: number) => (pre + post) / (pre * post);
    expect(shares.get(first)! / shares.get(middle)!).toBeCloseTo(wish(7, 40) / wish(40, 30), 10);
    expect(densities(projections, 0.6, "erdos-renyi").get(last)).toBe(1);
  });
});

test.each([
  ["set", sparseEvolutionaryTraining(options)],
  ["rigl", rigl({ ...options, examples: 4 })],
])("%s: the smallest go, as many grow with a weight of 0, ever fewer until the end", (_, policy) => {
  const learner = lifeUnder(policy);
  const events = eventsOf(learner);
  const [projection] = learner.network.projections;
  expect(density(projection)).toBeLessThan(1);
  observe(learner, 0, 9);
  const before = projection.columns.packed("w");
  const there = present(projection);
  observe(learner, 9, 10);
  const after = new Set(present(projection));
  const gone = there.filter((place) => !after.has(place));
  const stayed = there.filter((place) => after.has(place));
  expect(after.size).toBe(there.length);
  expect(gone.length).toBe(Math.round(0.25 * (1 + Math.cos(Math.PI * 0.1)) * there.length));
  // The tenth update moves weights a little before the choice is made: by 0.01 at most under Adam.
  const largest = Math.max(...gone.map((place) => Math.abs(before[place])));
  const smallest = Math.min(...[...stayed].map((place) => Math.abs(before[place])));
  expect(largest).toBeLessThan(smallest + 0.03);
  const grown = [...after].filter((place) => !there.includes(place));
  for (const place of grown) expect(projection.columns.packed("w")[place]).toBe(0);
  observe(learner, 10, 200);
  const exchanged = events.filter((event): event is Rewired => event.type === "rewired" && event.grown > 0);
  const of = exchanged.filter((event) => event.projection === projection.name).map(({ grown }) => grown);
  expect(of).toEqual([...of].sort((a, b) => b - a));
  expect(Math.max(...exchanged.map(({ step }) => step))).toBeLessThan(100);
});

test("rigl grows where the gradient of the examples last seen is largest", () => {
  const learner = lifeUnder(rigl({ ...options, examples: 3 }), { rule: sgd({ lr: 0 }) });
  const [projection] = learner.network.projections;
  observe(learner, 0, 9);
  const there = new Set(present(projection));
  const last = [7, 8, 9].map((i) => example(i, 7, 3));
  const examples = { count: 3, xs: last.flatMap(({ x }) => [...x]), ys: last.map(({ y }) => y) };
  let slopes = new Float32Array();
  learner.examine(examples, {
    projection: (one) => {
      if (one === projection) slopes = gradientOf(learner.network, one, 3).map(Math.abs);
    },
  });
  observe(learner, 9, 10);
  const grown = [...present(projection)].filter((place) => !there.has(place));
  expect(grown.length).toBeGreaterThan(3);
  const passed = [...slopes.keys()].filter((place) => !there.has(place) && !grown.includes(place));
  expect(Math.min(...grown.map((place) => slopes[place]))).toBeGreaterThanOrEqual(
    Math.max(...passed.map((place) => slopes[place])),
  );
});

test("set grows by lot: another seed, other synapses", () => {
  const grown = [5, 6].map((seed) => {
    const learner = lifeUnder(sparseEvolutionaryTraining(options), { seed });
    observe(learner, 0, 30);
    return [...present(learner.network.projections[0])].join();
  });
  expect(grown[0]).not.toBe(grown[1]);
});

test("a static mask stays", () => {
  const learner = lifeUnder(staticMask({ density: 0.3 }));
  const before = learner.network.projections.map(present);
  observe(learner, 0, 200);
  expect(learner.network.projections.map(present)).toEqual(before);
});

test.each([10, 40, 1000])(
  "neuroplastic expansion has its final density at the end, looking every %i updates",
  (every) => {
    const learner = lifeUnder(neuroplasticExpansion({ ...options, every, finalDensity: 0.8, examples: 4 }));
    const events = eventsOf(learner);
    const { projections } = learner.network;
    const whole = projections.reduce((sum, one) => sum + places(one), 0);
    const missing = (asked: number) => asked * whole - projections.reduce((sum, one) => sum + present(one).length, 0);
    // Each projection has a whole number of synapses.
    expect(Math.abs(missing(0.4))).toBeLessThanOrEqual(projections.length / 2);
    observe(learner, 0, 120);
    expect(Math.abs(missing(0.8))).toBeLessThanOrEqual(projections.length / 2);
    const last = events.filter((event): event is Rewired => event.type === "rewired" && event.step >= 100);
    expect(new Set(last.map(({ step, pruned }) => `${step} ${pruned}`))).toEqual(new Set(["100 0"]));
  },
);

test("and has it also where nobody told it of the last updates before the end", () => {
  const learner = lifeUnder(neuroplasticExpansion({ ...options, finalDensity: 1, examples: 4 }));
  observe(learner, 0, 97);
  const { x, y } = example(97, 7, 3);
  for (let i = 0; i < 5; i++) learner.practise({ count: 1, xs: x, ys: [y] });
  observe(learner, 97, 98);
  expect(learner.step).toBe(103);
  expect(learner.network.projections.map(density)).toEqual([1, 1, 1]);
});

test("what lies out of range is named", () => {
  const bad: [() => StructuralPolicy, string][] = [
    [() => rigl({ density: 0 }), "rigl: density is 0"],
    [() => sparseEvolutionaryTraining({ every: 0.5 }), "set: every is 0.5"],
    [() => rigl({ distribution: "even" as "uniform" }), 'rigl: distribution is "even": one of uniform, erdos-renyi'],
    [() => neuroplasticExpansion({ finalDensity: 0.1 }), "neuroplastic-expansion: finalDensity is 0.1"],
  ];
  for (const [make, message] of bad) {
    expect(make).toThrow(ValueError);
    expect(make).toThrow(message);
  }
});

test("at one density, synapses that are exchanged where the loss is steep learn better than those that never are", () => {
  const sparse = { density: 0.08, distribution: "uniform" as const };
  const exchange = { ...sparse, every: 50, end: 2500, fraction: 0.3, examples: 64 };
  const policies = { rigl: () => rigl(exchange), static: () => staticMask(sparse) };
  const error = Object.fromEntries(
    Object.entries(policies).map(([name, policy]) => {
      let sum = 0;
      for (const seed of [1, 2, 3]) {
        const learner = lifeUnder(policy(), { seed, widths: [40], rule: sgd({ lr: 0.05 }) });
        for (let i = 0; i < 3000; i++) {
          const { x } = example(i, 7, 3);
          const [a, b] = [x[0] + x[3] > -0.4, x[5] > -0.2];
          const seen = learner.observe(x, a ? (b ? 2 : 1) : 0);
          if (i >= 2000) sum += seen.loss / 3000;
        }
      }
      return [name, sum];
    }),
  );
  expect(error.rigl).toBeLessThan(0.9 * error.static);
});

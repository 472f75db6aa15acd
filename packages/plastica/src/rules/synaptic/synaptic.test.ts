import { describe, expect, it } from "vitest";
import { fillPool, POOL_BYTES } from "../../compute/noise-pool.ts";
import { key } from "../../compute/random.ts";
import { noise } from "../expression.ts";
import type { GridBinding } from "../interpret.ts";
import { interpretGrid } from "../interpret.ts";
import { bitsOf } from "../operations.ts";
import { plan } from "../plan.ts";
import type { Rule } from "../rule.ts";
import type { Term } from "../term.ts";
import { gradientClipping, l2, l2Init, settling, shrinkAndPerturb, weightClipping } from "../terms/index.ts";
import { runPlan } from "../testing.ts";
import { adagrad, adam, adamW, hebb, momentum, nesterov, oja, rmsprop, sgd, upgd, upgdNonProtecting } from "./index.ts";

const rows = 3;
const lanes = 5;
const stride = 8;

const pool = new Float32Array(POOL_BYTES / 4);
fillPool(key(3), pool);

/** Three presynaptic and five postsynaptic neurons, learning for a few steps. */
class Patch {
  readonly arrays: Record<string, { data: Float32Array; stride: number }> = {};
  readonly age = new Float32Array(8);
  readonly preAge = new Float32Array(4);
  readonly rule: Rule;
  readonly terms: readonly Term[];
  step = 0;

  constructor(rule: Rule, terms: readonly Term[] = []) {
    this.rule = rule;
    this.terms = terms;
    const w = this.cells((r, l) => Math.sin(r * 5 + l * 3) * 0.5);
    this.arrays.w = w;
    for (const [name, initial] of Object.entries(plan(rule, terms, "batch").states)) {
      this.arrays[name] = initial === "w" ? { data: w.data.slice(), stride } : this.cells(() => initial);
    }
  }

  cells(value: (row: number, lane: number) => number) {
    const data = new Float32Array(rows * stride);
    for (let r = 0; r < rows; r++) for (let l = 0; l < lanes; l++) data[r * stride + l] = value(r, l);
    return { data, stride };
  }

  /** One batch step with these gradients. */
  learn(
    grad: (row: number, lane: number) => number,
    more: Record<string, GridBinding> = {},
    run?: typeof interpretGrid,
  ): void {
    this.step++;
    for (const ages of [this.age, this.preAge]) ages.forEach((age, i) => void (ages[i] = age + 1));
    const given = {
      ...this.arrays,
      grad: this.cells(grad),
      step: this.step,
      fanIn: rows,
      age: this.age,
      preAge: this.preAge,
    };
    runPlan(plan(this.rule, this.terms, "batch"), { ...given, ...more }, this.extent, run);
  }

  get extent() {
    return { lanes, from: 0, to: rows, key: [this.step, 9] as const, pool };
  }

  at(name: string, row: number, lane: number): number {
    return this.arrays[name].data[row * stride + lane];
  }
}

const gradient = (step: number) => (r: number, l: number) => Math.cos(step * 1.3 + r * 2 + l);

/** Float64 formulas: the new weight, with state kept in `s`. */
type Formula = (w: number, g: number, t: number, s: Record<string, number>) => number;

const formulas: [Rule, Formula][] = [
  [sgd({ lr: 0.1 }), (w, g) => w - 0.1 * g],
  [momentum({ lr: 0.1, momentum: 0.8 }), (w, g, t, s) => w - 0.1 * (s.b = t === 1 ? g : 0.8 * s.b + g)],
  [nesterov({ lr: 0.1, momentum: 0.8 }), (w, g, t, s) => w - 0.1 * (g + 0.8 * (s.b = t === 1 ? g : 0.8 * s.b + g))],
  [
    rmsprop({ lr: 0.1, alpha: 0.9 }),
    (w, g, _, s) => w - (0.1 * g) / (Math.sqrt((s.v = 0.9 * (s.v ?? 0) + 0.1 * g * g)) + 1e-8),
  ],
  [adagrad({ lr: 0.1, eps: 0.01 }), (w, g, _, s) => w - (0.1 * g) / (Math.sqrt((s.sum = (s.sum ?? 0) + g * g)) + 0.01)],
  [adam({ lr: 0.1 }), (w, g, t, s) => w - adamStep(g, t, s)],
  [adamW({ lr: 0.1, weightDecay: 0.2 }), (w, g, t, s) => w * (1 - 0.1 * 0.2) - adamStep(g, t, s)],
];

function adamStep(g: number, t: number, s: Record<string, number>): number {
  s.m = 0.9 * (s.m ?? 0) + 0.1 * g;
  s.v = 0.999 * (s.v ?? 0) + 0.001 * g * g;
  return (0.1 * (s.m / (1 - 0.9 ** t))) / (Math.sqrt(s.v) / Math.sqrt(1 - 0.999 ** t) + 1e-8);
}

describe("rules", () => {
  it.each(formulas.map(([rule, formula]) => [rule.name, rule, formula] as const))(
    "%s follows its formula",
    (_, rule, formula) => {
      const patch = new Patch(rule);
      const truth = Array.from({ length: rows * lanes }, (_, i) => patch.at("w", Math.floor(i / lanes), i % lanes));
      const states = truth.map(() => ({}));
      for (let t = 1; t <= 20; t++) {
        patch.learn(gradient(t));
        truth.forEach((w, i) => {
          const [r, l] = [Math.floor(i / lanes), i % lanes];
          truth[i] = formula(w, Math.fround(gradient(t)(r, l)), t, states[i]);
          expect(patch.at("w", r, l)).toBeCloseTo(truth[i], 4.5);
        });
      }
    },
  );

  it("adam's first step is lr, whatever the gradient's size, to a part in a million", () => {
    const patch = new Patch(adam({ lr: 0.5 }));
    const before = patch.at("w", 1, 2);
    patch.learn(() => 1e-3);
    expect(Math.abs((before - patch.at("w", 1, 2)) / 0.5 - 1e-3 / (1e-3 + 1e-8))).toBeLessThan(1e-6);
  });

  it("adagrad's steps are lr, lr / sqrt 2, lr / sqrt 3 ... under one gradient, and none where there is none", () => {
    const patch = new Patch(adagrad({ lr: 0.5 }));
    const before = patch.arrays.w.data.slice();
    const grad = (r: number, l: number): number => (r === 0 ? 0 : l === 1 ? -1e-6 : 1000);
    for (let t = 1; t <= 4; t++) patch.learn(grad);
    const gone = 0.5 * (1 + 1 / Math.sqrt(2) + 1 / Math.sqrt(3) + 1 / 2);
    for (let r = 0; r < rows; r++) {
      for (let l = 0; l < lanes; l++) {
        const step = r === 0 ? 0 : l === 1 ? gone : -gone;
        // eps is 1e-4 of the tiny gradient.
        expect(Math.abs(patch.at("w", r, l) - before[r * stride + l] - step)).toBeLessThan(l === 1 ? 2e-4 : 1e-6);
      }
    }
    expect(patch.at("w", 0, 3)).toBe(before[3]);
  });

  it("adam counts from the birth of the younger neuron, for incoming and outgoing synapses alike", () => {
    const old = new Patch(adam({ lr: 0.1 }));
    for (let t = 1; t <= 7; t++) old.learn(gradient(t));
    // Lane 2 and row 0 are born again: state and age of their synapses are 0, as structure leaves them.
    const reborn = (r: number, l: number): boolean => l === 2 || r === 0;
    old.age[2] = 0;
    old.preAge[0] = 0;
    for (const name of ["m", "v"]) {
      for (let r = 0; r < rows; r++)
        for (let l = 0; l < lanes; l++) if (reborn(r, l)) old.arrays[name].data[r * stride + l] = 0;
    }
    const truth = Array.from({ length: rows * lanes }, (_, i) => {
      const [r, l] = [Math.floor(i / lanes), i % lanes];
      const s: Record<string, number> = reborn(r, l) ? {} : { m: old.at("m", r, l), v: old.at("v", r, l) };
      return { w: old.at("w", r, l), s, t: reborn(r, l) ? 0 : 7 };
    });
    for (let t = 8; t <= 12; t++) {
      old.learn(gradient(t));
      truth.forEach((one, i) => {
        const [r, l] = [Math.floor(i / lanes), i % lanes];
        one.w -= adamStep(Math.fround(gradient(t)(r, l)), ++one.t, one.s);
        expect(old.at("w", r, l)).toBeCloseTo(one.w, 4.5);
      });
    }
  });

  it("what decays comes to rest at 0, and not in the slow numbers below the smallest normal one", () => {
    for (const [rule, state] of [
      [momentum(), "velocity"],
      [adam({ b2: 0.9 }), "m"],
      [rmsprop({ alpha: 0.8 }), "square"],
    ] as const) {
      const patch = new Patch(rule);
      patch.learn(gradient(1));
      for (let t = 0; t < 560; t++) {
        patch.learn(() => 0);
        for (const x of patch.arrays[state].data) expect(x === 0 || Math.abs(x) >= 2 ** -126).toBe(true);
      }
      expect(patch.arrays[state].data.every((x) => x === 0)).toBe(true);
    }
  });

  it("hebb and oja follow their formulas", () => {
    const [pre, post] = [Float32Array.of(0.5, 0, -2, 0), Float32Array.of(1, -0.5, 0, 2, 0.25, 0, 0, 0)];
    for (const rule of [hebb({ lr: 0.1 }), oja({ lr: 0.1 })]) {
      const patch = new Patch(rule);
      const before = patch.arrays.w.data.slice();
      patch.learn(() => 0, { pre, post });
      for (let r = 0; r < rows; r++) {
        for (let l = 0; l < lanes; l++) {
          const w = before[r * stride + l];
          const forgotten = rule.name === "oja" ? post[l] * w : 0;
          expect(patch.at("w", r, l)).toBeCloseTo(w + 0.1 * post[l] * (pre[r] - forgotten), 6);
        }
      }
    }
  });

  it("oja finds the first principal component, at length 1", () => {
    const patch = new Patch(oja({ lr: 0.05 }));
    for (let t = 0; t < 600; t++) {
      const [a, b] = [Math.sin(t * 1.7) * 2, Math.sin(t * 2.9) * 0.3];
      const pre = Float32Array.of(a * 0.6 - b * 0.8, a * 0.8 + b * 0.6, 0, 0);
      const post = Float32Array.from({ length: 8 }, (_, l) =>
        l < lanes ? [0, 1, 2].reduce((sum, r) => sum + pre[r] * patch.at("w", r, l), 0) : 0,
      );
      patch.learn(() => 0, { pre, post });
    }
    expect(Math.abs(patch.at("w", 0, 0))).toBeCloseTo(0.6, 1);
    expect(Math.abs(patch.at("w", 1, 0))).toBeCloseTo(0.8, 1);
    expect(patch.at("w", 0, 0) * patch.at("w", 1, 0)).toBeGreaterThan(0);
  });

  it("upgd follows its formula, with the peak of the uncorrected utility over the network", () => {
    for (const rule of [upgd, upgdNonProtecting]) {
      const quiet = new Patch(rule({ lr: 0.1, decay: 0.9, sigma: 0, weightDecay: 0.2 }));
      const u = new Float64Array(rows * lanes);
      for (let t = 1; t <= 6; t++) {
        const w = [...u].map((_, i) => quiet.at("w", Math.floor(i / lanes), i % lanes));
        const g = [...u].map((_, i) => Math.fround(gradient(t)(Math.floor(i / lanes), i % lanes)));
        quiet.learn(gradient(t));
        u.forEach((old, i) => void (u[i] = 0.9 * old - 0.1 * g[i] * w[i]));
        const peak = Math.max(...u);
        u.forEach((utility, i) => {
          const gate = rule === upgd ? 1 - 1 / (1 + Math.exp(-utility / (1 - 0.9 ** t) / peak)) : 1;
          const [r, l] = [Math.floor(i / lanes), i % lanes];
          expect(quiet.at("utility", r, l)).toBeCloseTo(utility, 5);
          expect(quiet.at("w", r, l)).toBeCloseTo(w[i] * (1 - 0.1 * 0.2) - 0.1 * g[i] * gate, 5);
        });
      }
    }
  });

  it("upgd's noise moves weights without a gradient, by half of lr sigma N(0, 1) as long as none is of use", () => {
    for (const rule of [upgd, upgdNonProtecting]) {
      const patch = new Patch(rule({ lr: 1, sigma: 0.1 }));
      const before = patch.arrays.w.data.slice();
      patch.learn(() => 0);
      const drawn = patch.cells(() => 0);
      interpretGrid({ name: "draws", outputs: [{ name: "draws", value: noise(0) }] }, { draws: drawn }, patch.extent);
      expect(new Set(drawn.data).size).toBe(rows * lanes + 1);
      before.forEach((w, i) => expect(patch.arrays.w.data[i]).toBeCloseTo(w - 0.05 * drawn.data[i], 6));
    }
  });

  it("upgd keeps noise from useful weights as it does gradients", () => {
    for (const rule of [upgd, upgdNonProtecting]) {
      const patch = new Patch(rule({ lr: 1, decay: 0, sigma: 0.1 }));
      const before = patch.arrays.w.data.slice();
      const grad = (r: number, l: number): number => (r === 1 && l === 2 ? -3 : -0.01) * patch.at("w", r, l);
      const given = patch.cells(grad).data.slice();
      patch.learn(grad);
      const drawn = patch.cells(() => 0);
      interpretGrid({ name: "draws", outputs: [{ name: "draws", value: noise(0) }] }, { draws: drawn }, patch.extent);
      const utility = given.map((g, i) => -g * before[i]);
      const peak = utility.reduce((a, b) => Math.max(a, b));
      before.forEach((w, i) => {
        const open = 1 - 1 / (1 + Math.exp(-utility[i] / peak));
        const step = rule === upgd ? (given[i] + 0.1 * drawn.data[i]) * open : given[i] + 0.1 * drawn.data[i] * open;
        expect(patch.arrays.w.data[i]).toBeCloseTo(w - step, 6);
      });
    }
  });
});

describe("terms", () => {
  const one = (terms: Term[], grad: number, more = {}): { before: number; after: number; patch: Patch } => {
    const patch = new Patch(sgd({ lr: 0.1 }), terms);
    const before = patch.at("w", 1, 3);
    patch.learn(() => grad, more);
    return { before, after: patch.at("w", 1, 3), patch };
  };

  it("l2 pulls to 0, l2Init to the weight at birth", () => {
    const pulled = one([l2({ strength: 0.5 })], 0.25);
    expect(pulled.after).toBeCloseTo(pulled.before - 0.1 * (0.25 + 0.5 * pulled.before), 6);
    const { before, after, patch } = one([l2Init({ strength: 0.5 })], 0.25);
    expect(after).toBeCloseTo(before - 0.1 * 0.25, 6);
    patch.learn(() => 0);
    expect(patch.at("w", 1, 3)).toBeCloseTo(after - 0.1 * 0.5 * (after - before), 6);
  });

  it("shrinkAndPerturb shrinks in the gradient and perturbs after the rule", () => {
    const { before, after } = one([shrinkAndPerturb({ shrink: 0.5, noise: 0 })], 0.25);
    expect(after).toBeCloseTo(before - 0.1 * (0.25 + 0.5 * before), 6);
    const noisy = one([shrinkAndPerturb({ shrink: 0, noise: 0.01 })], 0);
    expect(Math.abs(noisy.after - noisy.before)).toBeGreaterThan(0);
    expect(Math.abs(noisy.after - noisy.before)).toBeLessThan(0.06);
  });

  it("weightClipping bounds by kappa / sqrt(fanIn), after the rule", () => {
    expect(one([weightClipping({ kappa: 0.2 })], -100).after).toBeCloseTo(0.2 / Math.sqrt(rows), 6);
    expect(one([weightClipping({ kappa: 0.2 })], 100).after).toBeCloseTo(-0.2 / Math.sqrt(rows), 6);
  });

  it("settling shrinks the step on a straight line, whatever rule makes it, and no further than it is told", () => {
    const moved = (term: Term[], at: number) => {
      const patch = new Patch(adam({ lr: 0.1 }), term);
      patch.step = at - 1;
      const before = patch.arrays.w.data[0];
      patch.learn(gradient(1));
      return patch.arrays.w.data[0] - before;
    };
    for (const [step, share] of [
      [1, 0.9925],
      [50, 0.625],
      [100, 0.25],
      [1000, 0.25],
    ])
      expect(moved([settling({ steps: 100, to: 0.25 })], step) / moved([], step)).toBeCloseTo(share, 4);
    expect(moved([settling({ steps: 20 })], 20)).toBe(0);
    expect(() => settling({ steps: 0 })).toThrow("settling: steps is 0: a whole number of updates from 1, below 2^24");
    expect(() => settling({ to: 2 })).toThrow("settling: to is 2: a share from 0 to 1");
  });

  it("gradientClipping bounds each gradient, or all by a factor, before other terms", () => {
    const byValue = one([gradientClipping({ value: 2 })], -100);
    expect(byValue.after).toBeCloseTo(byValue.before + 0.1 * 2, 6);
    const byNorm = one([l2({ strength: 0.5 }), gradientClipping({ norm: 1 })], 8, { gradientScale: 0.25 });
    expect(byNorm.after).toBeCloseTo(byNorm.before - 0.1 * (8 * 0.25 + 0.5 * byNorm.before), 6);
  });

  it("compose with every rule: the compiled programs give the interpreter's bits, and padding stays 0", () => {
    const terms = [
      l2(),
      l2Init(),
      shrinkAndPerturb({ noise: 0.1 }),
      weightClipping(),
      settling({ steps: 5, to: 0.1 }),
      gradientClipping({ value: 0.5 }),
    ];
    for (const make of [sgd, momentum, nesterov, rmsprop, adagrad, adam, adamW, upgd, upgdNonProtecting, oja, hebb]) {
      const [compiled, interpreted] = [new Patch(make(), terms), new Patch(make(), terms)];
      const more = { pre: Float32Array.of(1, 0.5, -1, 0), post: Float32Array.of(1, 2, 0.1, -3, 1, 0, 0, 0) };
      for (let t = 1; t <= 3; t++) {
        compiled.learn(gradient(t), more);
        interpreted.learn(gradient(t), more, interpretGrid);
      }
      for (const [name, { data }] of Object.entries(compiled.arrays)) {
        expect(Array.from(data, bitsOf), `${make().name} ${name}`).toEqual(
          Array.from(interpreted.arrays[name].data, bitsOf),
        );
        data.forEach((x, i) => void (i % stride >= lanes && expect(x).toBe(0)));
      }
    }
  });

  it("the gradient formed in registers is that of a batch of one", () => {
    const [pre, signal] = [Float32Array.of(0.5, 0, -2, 0), Float32Array.of(1, -0.5, 0, 2, 0.25, 0, 0, 0)];
    for (const make of [momentum, adam, upgd]) {
      const [example, batch] = [new Patch(make(), [l2()]), new Patch(make(), [l2()])];
      example.age.fill(1);
      example.preAge.fill(1);
      const extent = { lanes, from: 0, to: rows, key: [1, 9] as const, pool };
      const given = { ...example.arrays, pre, signal, step: 1, age: example.age, preAge: example.preAge };
      runPlan(plan(make(), [l2()], "example"), given, extent);
      batch.learn((r, l) => pre[r] * signal[l]);
      for (let i = 0; i < rows * stride; i++) expect(example.arrays.w.data[i]).toBeCloseTo(batch.arrays.w.data[i], 6);
    }
  });
});

import { describe, expect, it } from "vitest";
import { constant, type Expression } from "./expression.ts";
import { plan } from "./plan.ts";
import { rule } from "./rule.ts";
import {
  adagrad,
  adam,
  adamW,
  hebb,
  momentum,
  nesterov,
  oja,
  rmsprop,
  sgd,
  upgd,
  upgdNonProtecting,
} from "./synaptic/index.ts";
import { term } from "./term.ts";
import { gradientClipping, l2, l2Init, shrinkAndPerturb, weightClipping } from "./terms/index.ts";

describe("rule", () => {
  it("takes hyper-parameters over its defaults", () => {
    expect(sgd().hyper).toEqual({ lr: 0.01 });
    expect(adam({ lr: 0.5 }).hyper).toEqual({ lr: 0.5, b1: 0.9, b2: 0.999, eps: 1e-8 });
    expect(adam({ lr: undefined }).hyper.lr).toBe(1e-3);
    expect(adam().state).toEqual({ m: 0, v: 0 });
  });

  it("names an unknown option and the nearest right one", () => {
    expect(() => adam({ beta1: 0.9 } as object)).toThrow(
      /adam: unknown option "beta1"; did you mean "b1"\? It has lr, b1, b2, eps/,
    );
    expect(() => sgd({ lR: 1 } as object)).toThrow(/unknown option "lR"; did you mean "lr"/);
  });

  it("names an option that is not a finite number", () => {
    for (const lr of [Number.NaN, Infinity, "1" as unknown as number]) {
      expect(() => sgd({ lr })).toThrow(/sgd: lr is .*; a finite number is needed \(default 0.01\)/);
    }
  });

  it("names an option that is outside of what its rule or term says, as float32 has it", () => {
    expect(() => adam({ b1: 1 })).toThrow("adam: b1 is 1; a number from 0, below 1 is needed (default 0.9)");
    expect(() => sgd({ lr: -1 })).toThrow("sgd: lr is -1; a number from 0 is needed (default 0.01)");
    expect(() => adam({ b1: 1 - 1e-9 })).toThrow(/b1 is/);
    const refused: [(options?: object) => unknown, string][] = [
      [adamW, "lr<0 b1<0 b1=1 b2<0 b2=1 eps<0 eps=0 weightDecay<0"],
      [momentum, "lr<0 momentum<0 momentum=1"],
      [nesterov, "lr<0 momentum<0 momentum=1"],
      [rmsprop, "lr<0 alpha<0 alpha=1 eps=0"],
      [adagrad, "lr<0 eps=0"],
      [oja, "lr<0"],
      [upgd, "lr<0 decay<0 decay=1 sigma<0 weightDecay<0"],
      [upgdNonProtecting, "lr<0 decay<0 decay=1 sigma<0 weightDecay<0"],
      [l2, "strength<0"],
      [l2Init, "strength<0"],
      [shrinkAndPerturb, "shrink<0 noise<0"],
      [weightClipping, "kappa<0 kappa=0"],
    ];
    for (const [make, cases] of refused)
      for (const one of cases.split(" ")) {
        const [, name, sign, value] = /^(\w+)([<=])(\d)$/.exec(one)!;
        expect(() => make({ [name]: sign === "<" ? -1e-3 : Number(value) }), one).toThrow(name);
      }
    expect([sgd({ lr: 0 }), adam({ b1: 0, b2: 0 }), hebb({ lr: -0.01 }), l2({ strength: 0 })]).toHaveLength(4);
  });

  it("refuses what it cannot be sure of", () => {
    expect(() => rule("r", {}, () => ({}) as { w: Expression })).toThrow(/r: its function returns no w/);
    expect(() => rule("r", {}, ({ w }) => ({ w, m: w }))).toThrow(
      /r: returns "m", which is not declared; did you mean "w"/,
    );
    expect(() => rule("r", { hyper: { pre: 1 } }, ({ w }) => ({ w }))).toThrow(/r: the name "pre" is already taken/);
    expect(() => rule("r", { hyper: { a: 1 }, state: { a: 0 } }, ({ w }) => ({ w }))).toThrow(
      /r: the name "a" is already taken/,
    );
    expect(() => rule("r", { state: { m: Number.NaN } }, ({ w }) => ({ w }))).toThrow(/r: state "m" begins at NaN/);
    expect(() => rule("r", {}, () => ({ w: 3 as unknown as Expression }))).toThrow(
      /r: w is 3; an expression is needed/,
    );
    expect(() => rule("r", { state: { u: 0 }, over: { peak: { max: "u" } } }, ({ w }) => ({ w }))).toThrow(
      /which the survey does not return/,
    );
  });

  it("knows what it reads and how local it is", () => {
    expect([...sgd().reads].sort()).toEqual(["grad", "w"]);
    expect([...oja().reads].sort()).toEqual(["post", "pre", "w"]);
    const decay = rule("decay", { hyper: { rate: 0.1 } }, ({ w, rate }) => ({ w: w.sub(rate.mul(w)) }));
    const gated = rule("gated", {}, ({ w, pre, post, modulator }) => ({ w: w.add(pre.mul(post).mul(modulator)) }));
    expect([decay(), hebb(), oja(), gated(), sgd(), adam(), upgd()].map((r) => r.locality)).toEqual([
      "synapse",
      "neurons",
      "neurons",
      "modulator",
      "gradient",
      "gradient",
      "network",
    ]);
    expect(upgd().reads.has("noise")).toBe(true);
  });

  it("proves silence free exactly where it is", () => {
    const free = Object.fromEntries(
      [
        sgd(),
        hebb(),
        momentum(),
        nesterov(),
        rmsprop(),
        adagrad(),
        adam(),
        adamW(),
        oja(),
        upgd(),
        upgdNonProtecting(),
      ].map((r) => [r.name, r.silenceFree]),
    );
    expect(free).toEqual({
      sgd: true,
      hebb: true,
      momentum: false,
      nesterov: false,
      rmsprop: false,
      adagrad: true,
      adam: false,
      adamW: false,
      oja: false,
      upgd: false,
      upgdNonProtecting: false,
    });
    const squashed = rule("squashed", { hyper: { lr: 1 } }, ({ w, pre, post, lr }) => ({
      w: w.add(lr.mul(pre.tanh()).mul(post.exp())),
    }));
    expect(squashed().silenceFree).toBe(true);
    const counted = rule("counted", { state: { seen: 0 } }, ({ w, grad, seen }) => ({
      w: w.sub(grad),
      seen: seen.add(1),
    }));
    expect(counted().silenceFree).toBe(false);
  });
});

describe("plan", () => {
  it("forms the gradient in registers for one example, and reads it for a batch", () => {
    const example = plan(sgd(), [], "example");
    const batch = plan(sgd(), [], "batch");
    expect(example.update.outputs[0].value.args[1].args[0].kind).toBe("row");
    expect(batch.update.outputs[0].value.args[1].args[1].name).toBe("grad");
    expect([example.readsActivity, example.silenceFree, batch.silenceFree]).toEqual([false, true, true]);
    expect(plan(hebb(), [], "example").readsActivity).toBe(true);
  });

  it("gives the same expressions for the same rule and terms, so that they are compiled once", () => {
    const values = () => {
      const { update, prelude } = plan(adam({ lr: Math.random() }), [l2()], "example");
      return [...update.outputs, ...prelude.lanes!.outputs].map(({ value }) => value);
    };
    const [once, again] = [values(), values()];
    once.forEach((value, i) => {
      expect(again[i]).toBe(value);
    });
  });

  it("puts options and state of terms under their names", () => {
    const composed = plan(adam(), [l2({ strength: 0.5 }), l2Init()], "example");
    expect(composed.hyper).toMatchObject({ lr: 1e-3, "l2.strength": 0.5, "l2Init.strength": 0.01 });
    expect(composed.states).toEqual({ m: 0, v: 0, "l2Init.origin": "w" });
    expect(composed.update.outputs.map(({ name }) => name)).toEqual(["w", "m", "v"]);
    expect(() => plan(sgd(), [l2(), l2()], "example")).toThrow(/the term l2 is given twice/);
  });

  it("knows what terms do to silence, noise and the norm", () => {
    const free = (...terms: Parameters<typeof plan>[1]) => plan(sgd(), terms, "example").silenceFree;
    expect(free(l2())).toBe(false);
    expect(free(l2Init())).toBe(false);
    expect(free(shrinkAndPerturb())).toBe(false);
    expect(free(weightClipping())).toBe(false);
    expect(free(gradientClipping({ value: 1 }))).toBe(true);
    expect(free(gradientClipping({ norm: 1 }))).toBe(true);
    const clipped = plan(sgd(), [l2(), gradientClipping({ norm: 2 })], "example");
    expect([clipped.needsGradientNorm, clipped.locality, clipped.hyper["gradientClipping.norm"]]).toEqual([
      true,
      "network",
      2,
    ]);
    expect(plan(sgd(), [shrinkAndPerturb()], "example").usesNoise).toBe(true);
  });

  it("gives a term's noise a stream that the rule has not", () => {
    const composed = plan(upgd(), [shrinkAndPerturb()], "example");
    const streams = new Set<number>();
    const visit = (node: { op: string; value: number; args: readonly { op: string }[] }): void => {
      if (node.op === "noise") streams.add(node.value);
      for (const arg of node.args) visit(arg as typeof node);
    };
    visit(composed.update.outputs[0].value);
    expect([...streams].sort()).toEqual([0, 1]);
  });

  it("computes what depends on one neuron only once a neuron", () => {
    const { prelude, update } = plan(adam(), [], "example");
    expect(prelude.lanes?.outputs.map(({ name }) => name)).toEqual(["lane.0", "lane.1"]);
    expect(prelude.rows?.outputs.map(({ name }) => name)).toEqual(["row.0", "row.1"]);
    const read = new Set<string>();
    const visit = (node: Expression): void => {
      if (node.op === "symbol") read.add(node.name);
      for (const arg of node.args) visit(arg as Expression);
    };
    for (const { value } of update.outputs) visit(value);
    expect(read.has("age") || read.has("preAge")).toBe(false);
    expect(plan(sgd(), [], "example").prelude).toEqual({ lanes: undefined, rows: undefined });
  });
});

describe("term", () => {
  it("is defined by a user like our own, and may keep state", () => {
    const anchor = term("anchor", {
      hyper: { pull: 0.5 },
      state: { mean: "w" },
      weight: ({ next, mean, pull }) => next.add(pull.mul(mean.sub(next))),
      states: ({ next, mean }) => ({ mean: mean.mul(0.5).add(next.mul(0.5)) }),
    });
    const composed = plan(sgd(), [anchor({ pull: 0.25 })], "batch");
    expect(composed.update.outputs.map(({ name }) => name)).toEqual(["w", "anchor.mean"]);
    expect(composed.hyper["anchor.pull"]).toBe(0.25);
    expect(() => anchor({ pul: 1 } as object)).toThrow(/anchor: unknown option "pul"; did you mean "pull"/);
    expect(() => term("empty", { hyper: {} })).toThrow(/empty: a term has a function grad, or weight, or both/);
    expect(() => term("odd", { hyper: {}, grad: () => constant(1).less(2) as unknown as Expression })).toThrow(
      /grad is .*; an expression is needed/,
    );
  });

  it("gradientClipping takes one bound, above 0", () => {
    expect(() => gradientClipping({ norm: 1, value: 1 } as { norm: number })).toThrow(
      /unknown option "value"|give value or norm/,
    );
    expect(() => gradientClipping({} as { norm: number })).toThrow(/give value or norm/);
    expect(() => gradientClipping({ norm: -1 })).toThrow(/norm is -1; a number above 0 is needed/);
  });
});

import { describe, expect, it } from "vitest";
import { differentiate } from "./differentiate.ts";
import { constant, type Expression, symbol } from "./expression.ts";
import { interpretGrid } from "./interpret.ts";

const x = symbol("x", "cell");
const y = symbol("y", "cell");

function value(expression: Expression, at: number, other = 1.7): number {
  const out = { data: new Float32Array(4), stride: 4 };
  const one = (n: number) => ({ data: Float32Array.of(n, 0, 0, 0), stride: 4 });
  interpretGrid(
    { name: "value", outputs: [{ name: "out", value: expression }] },
    { x: one(at), y: one(other), out },
    { lanes: 1, from: 0, to: 1 },
  );
  return out.data[0];
}

const cases: Record<string, (x: Expression) => Expression> = {
  polynomial: (x) => x.mul(x).mul(x).sub(x.mul(y)).add(3),
  quotient: (x) => x.add(1).div(x.square().add(y)),
  reciprocal: (x) => x.square().add(1).reciprocal(),
  roots: (x) => x.square().add(0.5).sqrt(),
  abs: (x) => x.sub(0.1).abs(),
  extremes: (x) => x.max(0.2).mul(y.min(x.neg())),
  condition: (x) => x.greater(0.25).then(x.square(), x.mul(3)),
  exp: (x) => x.mul(0.7).exp(),
  log: (x) => x.square().add(0.3).log(),
  tanh: (x) => x.mul(y).tanh(),
  sigmoid: (x) => x.sigmoid(),
  softplus: (x) => x.mul(2).softplus(),
  erf: (x) => x.erf(),
  "sin and cos": (x) => x.mul(3).sin().add(x.cos()),
  gelu: (x) => x.mul(0.5).mul(x.mul(Math.SQRT1_2).erf().add(1)),
};

describe("differentiate", () => {
  it.each(Object.entries(cases))("%s agrees with finite differences", (_, build) => {
    const slope = differentiate(build(x), x);
    for (const at of [-2.3, -0.9, -0.33, 0.01, 0.6, 1.4, 2.2]) {
      const h = 2 ** -7;
      const finite =
        (8 * (value(build(x), at + h) - value(build(x), at - h)) -
          (value(build(x), at + 2 * h) - value(build(x), at - 2 * h))) /
        (12 * h);
      expect(value(slope, at)).toBeCloseTo(finite, 3);
    }
  });

  it("has 0 at the corner of a rectifier, whichever side the 0 is on", () => {
    expect(value(differentiate(x.max(0), x), 0)).toBe(0);
    expect(value(differentiate(constant(0).max(x), x), 0)).toBe(0);
    expect(value(differentiate(x.abs(), x), 0)).toBe(0);
    expect(value(differentiate(x.max(0), x), 1e-30)).toBe(1);
  });

  it("is in terms of the value where that is cheaper", () => {
    expect(differentiate(x.tanh(), x)).toBe(constant(1).sub(x.tanh().square()));
    expect(differentiate(x.exp(), x)).toBe(x.exp());
    expect(differentiate(x.max(0), x)).toBe(x.greater(0).then(1, 0));
  });

  it("is 0 of what does not depend on the variable, or is flat", () => {
    expect(differentiate(y.exp(), x)).toBe(constant(0));
    expect(differentiate(x.floor().add(x.nearest()), x)).toBe(constant(0));
    expect(differentiate(x.greater(0).then(1, 2), x)).toBe(constant(0));
  });

  it("refuses to go through bits", () => {
    expect(() => differentiate(x.asBits().plus(1).asFloat(), x)).toThrow(
      /asBits of an expression in "x" has no derivative/,
    );
  });
});

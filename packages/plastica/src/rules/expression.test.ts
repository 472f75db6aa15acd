import { describe, expect, it } from "vitest";
import { constant, Expression, make, noise, symbol, uniformNoise } from "./expression.ts";
import { rebuild, substitute } from "./traverse.ts";

const x = symbol("x", "cell");
const y = symbol("y", "cell");
const row = symbol("pre", "row");
const lane = symbol("signal", "lane");
const lr = symbol("lr", "uniform");

describe("expressions", () => {
  it("are the same object when they are the same", () => {
    expect(x.add(y).mul(2)).toBe(symbol("x", "cell").add(y).mul(2));
    expect(x.add(y)).not.toBe(y.add(x));
    expect(symbol("x", "row")).not.toBe(x);
    expect(constant(0)).not.toBe(constant(-0));
    expect(noise(1)).toBe(noise(1));
    expect(noise(1)).not.toBe(uniformNoise(1));
  });

  it("have the kind that their arguments join to", () => {
    expect(lr.mul(2).kind).toBe("uniform");
    expect(lr.mul(row).kind).toBe("row");
    expect(lane.add(lr).exp().kind).toBe("lane");
    expect(row.mul(lane).kind).toBe("cell");
    expect(row.greater(lane).then(1, 2).kind).toBe("cell");
  });

  it("order products uniforms, rows, lanes, cells, so that what can be computed early is", () => {
    expect(lr.mul(row.mul(lane))).toBe(lr.mul(row).mul(lane));
    expect(x.mul(lane).mul(row).mul(3).mul(lr)).toBe(constant(3).mul(lr).mul(row).mul(lane).mul(x));
    expect(constant(2).mul(x.mul(constant(4)))).toBe(x.mul(8));
    expect(constant(0.5).mul(x).mul(2)).toBe(x);
  });

  it("keep squares and shared products whole", () => {
    const product = x.mul(y);
    expect(product.square().args).toEqual([product, product]);
    expect(symbol("z", "cell").mul(product).args[0]).toBe(product);
  });

  it("simplify what is so for finite numbers", () => {
    for (const same of [
      x.mul(1),
      x.add(0),
      x.sub(0),
      x.div(1),
      constant(0).add(x),
      x.neg().neg(),
      x.min(x),
      x.greater(y).then(x, x),
    ]) {
      expect(same).toBe(x);
    }
    for (const zero of [x.mul(0), constant(0).mul(x), x.sub(x), constant(0).div(x)]) expect(zero).toBe(constant(0));
    expect(x.add(y.neg())).toBe(x.sub(y));
    expect(x.mul(-1)).toBe(x.neg());
    expect(constant(2).less(3).then(x, y)).toBe(x);
    expect(y.mul(x.greater(0).then(1, 0))).toBe(x.greater(0).then(y, 0));
  });

  it("fold constants in float32", () => {
    expect(constant(0.1).add(0.2).value).toBe(Math.fround(Math.fround(0.1) + Math.fround(0.2)));
    expect(constant(1).div(3).value).toBe(Math.fround(1 / 3));
    expect(constant(2.5).nearest().value).toBe(2);
    expect(constant(-0.5).nearest().value).toBe(-0);
    expect(constant(7).clamp(-1, 1).value).toBe(1);
  });

  it("say what they were given instead of a number", () => {
    expect(() => x.add("1" as unknown as number)).toThrow(/an expression or a number is needed here, not 1 \(string\)/);
    expect(() => make("add", [x, x.less(1)])).toThrow(/add takes \(float, float\); it was given \(float, mask\)/);
  });
});

describe("substitute", () => {
  it("exchanges symbols and subexpressions, and simplifies", () => {
    expect(substitute(x.sub(lr.mul(y)), new Map([[y, constant(0)]]))).toBe(x);
    // Subexpressions are looked for as they were, even where something inside them is exchanged too.
    expect(
      substitute(
        x.tanh().add(x),
        new Map([
          [x.tanh(), y],
          [x, lr],
        ]),
      ),
    ).toBe(y.add(lr));
    expect(substitute(x.tanh().square(), new Map([[x.tanh(), y]]))).toBe(y.square());
    expect(
      substitute(
        x.add(y),
        new Map([
          [x, y],
          [y, x],
        ]),
      ),
    ).toBe(y.add(x));
  });

  it("gives the same node where nothing changes", () => {
    const tree = x.greater(y).then(x.exp().add(noise(0)), y.asBits().shiftLeft(3).asFloat());
    expect(rebuild(tree, (node) => node)).toBe(tree);
    expect(tree).toBeInstanceOf(Expression);
  });
});

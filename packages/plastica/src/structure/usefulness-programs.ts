/**
 * The grid programs by which a population's running means are kept; see usefulness.ts. Nobody sets their `step`: it is 0, at
 * which `settled` always lets tiny numbers come to rest.
 */
import { constant, type Expression, symbol } from "../rules/expression.ts";
import type { GridOutput, GridProgram } from "../rules/grid.ts";
import { settled } from "../rules/settle.ts";
import { type UtilityName, utilities } from "./utility.ts";

const [decay, rest] = [symbol("decay", "uniform"), symbol("rest", "uniform")];
const power = symbol("power", "cell");

/** Of outgoing synapses, a row a neuron. */
export const magnitudeProgram: GridProgram = {
  name: "outgoing magnitude",
  outputs: [{ name: "magnitude", value: symbol("w", "cell").abs(), reduce: "sum" }],
};

/**
 * For a population with so many planes, outgoing and incoming projections: `one`, all that there is to do after one example;
 * and for a batch `means` (of the mean activity), `spread` (of each example about them), and `many` (of the mean spread).
 */
export function usefulnessPrograms(planes: number, outgoing: number, incoming: number, utility: UtilityName) {
  const total = (name: string, count: number) => {
    let sum: Expression = constant(0);
    for (let i = 0; i < count; i++)
      sum = sum.add(symbol(`${name}.${i}`, "lane").mul(symbol(`${name}.${i} share`, "uniform")));
    return sum;
  };
  const absolute = utility === "contribution";
  const means: GridOutput[] = [];
  const spreads: GridOutput[] = [];
  let [one, many]: Expression[] = [constant(0), constant(0)];
  for (let plane = 0; plane < planes; plane++) {
    const h = symbol(`h.${plane}`, "lane");
    const after = decay.mul(symbol(`mean.${plane}`, "cell")).add(rest.mul(h));
    const centre = after.div(constant(1).sub(power.mul(decay)));
    means.push({ name: `mean.${plane}`, value: settled(after) });
    spreads.push({
      name: `spread.${plane}`,
      value: absolute
        ? symbol(`each.${plane}`, "cell").abs()
        : symbol(`each.${plane}`, "cell")
            .sub(symbol(`centre.${plane}`, "lane"))
            .abs(),
    });
    const of = (judged: Expression) =>
      utilities[utility]({
        activity: judged,
        deviation: judged,
        outgoing: total(`out.${plane}`, outgoing),
        incoming: total("in", incoming),
      });
    one = one.add(of(absolute ? h.abs() : h.sub(centre).abs()));
    many = many.add(of(symbol(`judged.${plane}`, "lane")));
  }
  const centres = means.map(({ value }, plane) => ({
    name: `centre.${plane}`,
    value: value.div(constant(1).sub(power.mul(decay))),
  }));
  const judge = (value: Expression): GridOutput[] => [
    { name: "utility", value: settled(decay.mul(symbol("utility", "cell")).add(rest.mul(value))) },
    { name: "power", value: settled(power.mul(decay)) },
  ];
  return {
    one: { name: `utility ${utility}`, outputs: [...means, ...judge(one)] },
    means: { name: "activity means", outputs: [...means, ...centres] },
    spread: { name: `activity spread ${utility}`, outputs: spreads },
    many: { name: `utility ${utility} of a batch`, outputs: judge(many) },
  } satisfies Record<string, GridProgram>;
}

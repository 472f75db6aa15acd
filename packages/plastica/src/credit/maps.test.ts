/** Maps: what a network makes of a batch, and the gradient of every parameter, beside the plainest computation in float64. */
import { expect, test } from "vitest";
import { live } from "../life/learner.ts";
import { mapExamples, mapKinds, mapNetwork } from "../network/maps.testing.ts";
import { forwardMaps, type Values, valuesOf } from "../network/maps.twin.ts";
import type { Network } from "../network/network.ts";
import { isPlasticity } from "../rules/plasticity.ts";
import { rule } from "../rules/rule.ts";
import { backprop } from "./backprop.ts";
import { crossEntropy } from "./losses.ts";

const keepGradient = rule("keep-gradient", { state: { gradient: 0 } }, ({ w, grad }) => ({ w, gradient: grad }));
const cases = Object.keys(mapKinds).flatMap((kind) => [1, 3].map((batch) => ({ kind, batch })));

function meanLoss(net: Network, values: Values, xs: number[][], ys: number[]): number {
  const outputs = forwardMaps(net, values, xs, true).get(net.outputs)!;
  const losses = outputs.map((out, n) => Math.log(out.reduce((sum, v) => sum + Math.exp(v), 0)) - out[ys[n]]);
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

test.each(cases)("$kind, batch $batch: outputs and gradients", ({ kind, batch }) => {
  const net = mapNetwork(kind);
  const { xs, ys } = mapExamples(batch);
  const values = valuesOf(net);
  const learner = live(net, { credit: backprop({ loss: crossEntropy() }), rule: keepGradient() });
  const said = learner.predictBatch(xs.flat(), batch);
  const right = forwardMaps(net, values, xs, false).get(net.outputs)!.flat();
  right.forEach((value, i) => expect(Math.abs(said[i] - value)).toBeLessThan(2e-6 * Math.max(1, Math.abs(value))));

  const seen = batch === 1 ? learner.observe(xs[0], ys[0]) : learner.observeBatch(xs.flat(), ys);
  expect(Math.abs(seen.loss - meanLoss(net, values, xs, ys))).toBeLessThan(1e-6);
  const columnsOf = new Map([...net.projections, ...net.populations].map(({ name, columns }) => [name, columns]));
  for (const [name, value] of values) {
    const [owner, column] = [name.slice(0, name.indexOf(".")), name.slice(name.indexOf(".") + 1)];
    if (column.startsWith("running")) continue;
    const columns = columnsOf.get(owner)!;
    const gradient = columns.packed(column === "w" ? "gradient" : `${column}.gradient`);
    const plasticity = columns.names.some(isPlasticity) && column === "w" ? columns.packed("plasticity") : undefined;
    const largest = gradient.reduce((most, g) => Math.max(most, Math.abs(g)), 1e-2);
    // Some of each: a step of a prime number comes to all channels and places in time.
    const apart = value.length > 40 ? 7 : 1;
    for (let i = 0; i < value.length; i += apart) {
      const was = value[i];
      const step = 1e-6;
      value[i] = was + step;
      const above = meanLoss(net, values, xs, ys);
      value[i] = was - step;
      const below = meanLoss(net, values, xs, ys);
      value[i] = was;
      const found = plasticity?.[i] === 0 ? 0 : (above - below) / (2 * step);
      expect(Math.abs(gradient[i] - found), `${name} ${i}`).toBeLessThan(2e-5 * largest);
    }
  }
});

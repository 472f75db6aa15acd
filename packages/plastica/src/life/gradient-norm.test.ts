import { describe, expect, it } from "vitest";
import { backprop } from "../credit/backprop.ts";
import { squaredError } from "../credit/losses.ts";
import { crelu, relu } from "../network/neurons.ts";
import { conv, dense, type LayerSpec, sequential } from "../network/sequential.ts";
import { rule } from "../rules/rule.ts";
import type { Term } from "../rules/term.ts";
import { gradientClipping } from "../rules/terms/index.ts";
import { still } from "../structure/stillness.ts";
import { freeze, prune } from "../structure/synapses.ts";
import { live } from "./learner.ts";
import { columnsOf } from "./testing.ts";

/** Learns nothing, and keeps the gradient it is given. */
const keep = rule("keep", { state: { gradient: 0 } }, ({ w, grad }) => ({ w, gradient: grad }));

const INPUTS = 7;

/** The gradients that the rule gets, of every parameter, one after the other; some neurons have died, others were born. */
function gradients(layers: () => LayerSpec[], examples: number, terms: readonly Term[]): Float32Array {
  const net = sequential({ inputs: INPUTS, seed: 2 }, layers());
  const learner = live(net, { credit: backprop({ loss: squaredError() }), rule: keep(), terms });
  learner.remove("hidden1", learner.grow("hidden1", 6).slice(0, 2));
  const outputs = net.outputs.size;
  const x = Array.from({ length: INPUTS * examples }, (_, i) => Math.sin(i * 1.7));
  const y = Array.from({ length: outputs * examples }, (_, i) => Math.cos(i * 1.1));
  if (examples === 1) learner.observe(x, y);
  else learner.observeBatch(x, y);
  const columns = columnsOf(net).flatMap(({ columns }) =>
    columns.names.filter((name) => name.endsWith("gradient")).map((name) => columns.packed(name)),
  );
  return Float32Array.from(columns.flatMap((column) => [...column]));
}

const layers: Record<string, () => LayerSpec[]> = {
  "relu, normalised": () => [dense(9, relu(), { layerNorm: true }), dense(5, relu()), dense(2)],
  crelu: () => [dense(6, crelu()), dense(5, crelu(), { layerNorm: true }), dense(2)],
  "wide, in several blocks": () => [dense(400, relu()), dense(430, crelu()), dense(2)],
};
const cases = Object.keys(layers).flatMap((name) => [1, 2, 140].map((examples) => ({ name, examples })));

describe.each(cases)("of $name, $examples examples", ({ name, examples }) => {
  const raw = gradients(layers[name], examples, []);
  const norm = Math.sqrt(raw.reduce((sum, g) => sum + g * g, 0));

  it("gradients are scaled to the bound by the norm of them all", () => {
    const clipped = gradients(layers[name], examples, [gradientClipping({ norm: norm / 4 })]);
    expect(clipped.length).toBe(raw.length);
    const largest = raw.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
    clipped.forEach((g, i) => expect(Math.abs(4 * g - raw[i])).toBeLessThan(1e-6 * largest));
    expect(Math.sqrt(clipped.reduce((sum, g) => sum + g * g, 0)) / (norm / 4)).toBeCloseTo(1, 5);
  });

  it("gradients within the bound are left as they are", () => {
    expect(gradients(layers[name], examples, [gradientClipping({ norm: norm * 1.001 })])).toEqual(raw);
  });
});

describe.each([1, 3])("where synapses are absent and others stand still, %i examples", (examples) => {
  /** The gradients that the rule gets of what learns; of all else they stay 0. */
  function received(terms: readonly Term[]): number[] {
    const net = sequential({ inputs: { height: 4, width: 4, channels: 2 }, seed: 2 }, [
      conv(4, relu(), { kernel: 2, groups: 2 }),
      dense(6, relu()),
      dense(2),
    ]);
    const learner = live(net, { credit: backprop({ loss: squaredError() }), rule: keep(), terms });
    const occasion = { step: 0, cause: "test" };
    const places = Uint32Array.from({ length: 100 }, (_, i) => i);
    prune(net, net.projections[1], places, occasion);
    freeze(net, net.projections[1], [110, 111], occasion);
    still(net.population("hidden2"), [3]);
    const x = Array.from({ length: 32 * examples }, (_, i) => Math.sin(i * 1.7));
    const y = Array.from({ length: 2 * examples }, (_, i) => Math.cos(i * 1.1));
    learner.observeBatch(x, y);
    return columnsOf(net).flatMap(({ columns }) =>
      columns.names.filter((name) => name.endsWith("gradient")).flatMap((name) => [...columns.packed(name)]),
    );
  }

  it("the norm is that of what learns", () => {
    const raw = received([]);
    const norm = Math.hypot(...raw);
    const clipped = received([gradientClipping({ norm: norm / 4 })]);
    expect(Math.hypot(...clipped) / (norm / 4)).toBeCloseTo(1, 5);
    expect(received([gradientClipping({ norm: norm * 1.001 })])).toEqual(raw);
  });
});

it("a gradient of nothing but zeros is left as it is", () => {
  const net = sequential({ inputs: 1, seed: 1 }, [dense(1)]);
  const learner = live(net, {
    credit: backprop({ loss: squaredError() }),
    rule: keep(),
    terms: [gradientClipping({ norm: 1e-3 })],
  });
  learner.observe([0], learner.predict([0]));
  expect([...net.outputs.columns.packed("bias.gradient")]).toEqual([0]);
});

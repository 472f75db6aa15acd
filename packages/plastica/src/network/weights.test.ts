import { expect, it } from "vitest";
import { birth, death } from "../structure/structure.ts";
import { crelu, relu } from "./neurons.ts";
import { dense, sequential } from "./sequential.ts";
import { drawIncoming, drawWeights } from "./weights.ts";

const occasion = { step: 0, cause: "test" };

/** The incoming weights of the neuron in `slot`. */
function incoming(net: ReturnType<typeof sequential>, projection: number, slot: number): number[] {
  const { columns } = net.projections[projection];
  return [...columns.packed("w")].filter((_, i) => i % columns.lanes === slot);
}

it("draws a whole projection again to the same weights", () => {
  const net = sequential({ inputs: 4, seed: 1 }, [dense(5, relu()), dense(2)]);
  const before = net.projections[0].columns.packed("w");
  net.projections[0].columns.unpack("w", new Float32Array(20));
  drawWeights(net, net.projections[0]);
  expect(net.projections[0].columns.packed("w")).toEqual(before);
});

it("draws a newborn's weights by its id, wherever it comes to lie, and nobody else's", () => {
  const build = () => sequential({ inputs: 4, seed: 1 }, [dense(5, crelu()), dense(3, relu()), dense(2)]);
  const [one, other] = [build(), build()];
  birth(one, one.population("hidden2"), 1, occasion);
  const others = [0, 1, 2].map((slot) => incoming(other, 1, slot));
  death(other, other.population("hidden2"), [0], occasion);
  birth(other, other.population("hidden2"), 1, occasion);
  expect(incoming(other, 1, 2)).toEqual(incoming(one, 1, 3));
  expect(incoming(other, 1, 2)).not.toEqual(others[2]);
  expect([incoming(one, 1, 0), incoming(one, 1, 1), incoming(one, 1, 2)]).toEqual(others);
});

it("draws a newborn from the distribution of those around it, in every plane", () => {
  const net = sequential({ inputs: 1, seed: 5 }, [dense(300, crelu()), dense(2, relu()), dense(1)]);
  const spread = (slot: number) => {
    const w = incoming(net, 1, slot);
    return [w.slice(0, 300), w.slice(300)].map((plane) => Math.sqrt(plane.reduce((s, v) => s + v * v, 0) / 300));
  };
  const before = spread(0);
  drawIncoming(net, net.projections[1], 1);
  spread(1).forEach((sd, plane) => expect(Math.abs(sd / before[plane] - 1)).toBeLessThan(0.15));
});

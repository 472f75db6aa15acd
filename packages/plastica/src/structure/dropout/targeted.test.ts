import { expect, it } from "vitest";
import { targetedDropout } from "./index.ts";
import { learnerWith, masks } from "./testing.ts";

it("silences only those of least incoming magnitude, at its rate, and nobody speaks louder", () => {
  const learner = learnerWith({ dropout: targetedDropout({ share: 0.3, rate: 0.6 }), sizes: [50] });
  const w = learner.network.projections[0].columns.packed("w");
  const magnitude = (slot: number) => [0, 1, 2, 3, 4, 5].reduce((sum, row) => sum + Math.abs(w[row * 50 + slot]), 0);
  const order = Array.from({ length: 50 }, (_, slot) => slot).sort((a, b) => magnitude(a) - magnitude(b));
  const all = masks(learner, 1, { examples: 200 });
  const silent = order.map((slot) => all.filter((mask) => mask[slot] === 0).length / 200);
  expect(silent.slice(15)).toEqual(Array(35).fill(0));
  for (const share of silent.slice(0, 15)) expect(Math.abs(share - 0.6)).toBeLessThan(0.15);
  expect(new Set(all.flat())).toEqual(new Set([0, 1]));
});

it("finds its targets again every `refresh` steps, and not when it samples", () => {
  const learner = learnerWith({ dropout: targetedDropout({ share: 0.5, refresh: 10 }), sizes: [8] });
  const { columns } = learner.network.populations[1];
  const targets = () => [...columns.packed("dropout.target")];
  masks(learner, 1, { purpose: "sampling" });
  expect(targets()).toEqual(Array(8).fill(0));
  masks(learner, 1);
  const first = targets();
  expect(first.reduce((a, b) => a + b)).toBe(4);
  const strong = first.indexOf(0);
  for (let row = 0; row < 6; row++) learner.network.projections[0].columns.set("w", row, strong, 0);
  masks(learner, 10);
  expect(targets()).toEqual(first);
  masks(learner, 11);
  expect(targets()[strong]).toBe(1);
});

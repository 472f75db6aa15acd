import { expect, it } from "vitest";
import { dropBlock, dropout, spatialDropout } from "./index.ts";
import { learnerWith, masks, mean } from "./testing.ts";

it("without positions, spatial dropout is dropout, to the bit", () => {
  const [spatial, plain] = [spatialDropout({ rate: 0.4 }), dropout(0.4)].map((kind) => learnerWith({ dropout: kind }));
  for (const step of [1, 2, 3])
    expect(masks(spatial, step, { examples: 4 })).toEqual(masks(plain, step, { examples: 4 }));
});

it("without positions, DropBlock's blocks are neurons, and each example's mask is 1 on average", () => {
  const learner = learnerWith({ dropout: dropBlock({ rate: 0.3, block: 7 }), sizes: [400] });
  const all = masks(learner, 1, { examples: 20 });
  for (const mask of all) expect(mean(mask)).toBeCloseTo(1, 6);
  const share = all.flat().filter((value) => value === 0).length / 8000;
  expect(Math.abs(share - 0.3)).toBeLessThan(4 * Math.sqrt(0.21 / 8000));
});

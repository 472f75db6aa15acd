import { expect, test } from "vitest";
import { drawLife } from "./draw.ts";
import { liveOut, type Outcome } from "./live.ts";

/** Of 60 lives; `npm run test:lives` lives thousands. */
test("lives drawn by lot end in no error, leave no trace where they should not, and say what their weights say", () => {
  const counts: Record<string, number> = { lived: 0, refused: 0, diverged: 0 };
  const wrong: [number, Outcome][] = [];
  for (let seed = 0; seed < 60; seed++) {
    const outcome = liveOut(drawLife(seed));
    if (typeof outcome === "string") counts[outcome]++;
    else wrong.push([seed, outcome]);
  }
  expect(wrong).toEqual([]);
  expect(counts.lived).toBeGreaterThan(20);
});

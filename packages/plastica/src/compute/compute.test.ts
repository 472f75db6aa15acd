import * as fc from "fast-check";
import { expect, it } from "vitest";
import { ValueError } from "../errors.ts";
import { Compute, type ComputeOptions, share } from "./compute.ts";

it.each([
  [{ arithmetic: "fast" }, 'arithmetic is "fast": it is "plain" or "fused"'],
  [{ threads: 0 }, "threads is 0: it is a whole number from 1 to 64"],
  [{ threads: 1.5 }, "threads is 1.5: it is a whole number from 1 to 64"],
  [{ threads: 65 }, "threads is 65: it is a whole number from 1 to 64"],
  [{ threads: Number.NaN }, "threads is NaN: it is a whole number from 1 to 64"],
  [{ threads: "2" }, "threads is 2: it is a whole number from 1 to 64"],
])("%j is refused", (options, message) => {
  expect(() => new Compute(options as ComputeOptions)).toThrow(new ValueError(message));
});

it("is plain, of one thread and with memory of its own unless asked otherwise", () => {
  const compute = new Compute();
  expect([compute.arithmetic, compute.arena.shared, compute.parts(1e12)]).toEqual(["plain", false, 1]);
});

it("loads the same bytes once", () => {
  const compute = new Compute();
  const empty = () => Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
  const bytes = empty();
  const loaded = compute.load(bytes);
  expect(compute.load(bytes)).toBe(loaded);
  expect(compute.load(empty())).not.toBe(loaded);
});

it("shares a range without gaps or overlaps, in whole units", () => {
  const whole = (max: number) => fc.integer({ min: 1, max });
  const property = fc.property(fc.nat(1000), whole(9), whole(16), (n, parts, unit) => {
    const borders = Array.from({ length: parts + 1 }, (_, part) => share(n, part, parts, unit));
    expect([borders[0], borders[parts]]).toEqual([0, n]);
    borders.slice(1).forEach((border, i) => {
      expect(border).toBeGreaterThanOrEqual(borders[i]);
      expect(border === n || border % unit === 0).toBe(true);
      expect(border - borders[i]).toBeLessThan(n / parts + unit);
    });
  });
  fc.assert(property, { seed: 5 });
});

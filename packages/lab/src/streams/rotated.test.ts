import { key, uniform } from "plastica";
import { expect, test } from "vitest";
import { imagesOf } from "../testing/images.ts";
import { type RotatedOptions, rotated } from "./rotated.ts";

const three = imagesOf("three", [[255, 51, 0, 0, 102, 0, 0, 0, 0]], [4]);
const side = 9;
const drawing = Array.from({ length: side * side }, (_, p) => (p * 37 + p * p) % 256);
const nine = imagesOf("nine", [drawing], [0]);

/** What is shown at task `task` of the increasing angles, to which `degrees / tasks` is added each time. */
function shown(images: typeof nine, task: number, options: Partial<RotatedOptions>): Float32Array {
  return rotated(images, { seed: 1, tasks: 8, angles: "increasing", degrees: 360, ...options })
    .at(task)
    .x.slice();
}

test("quarter turns by hand, counterclockwise", () => {
  const [a, b, c] = [1, Math.fround(0.2), Math.fround(0.4)];
  for (const interpolation of ["bilinear", "nearest"] as const) {
    const turned = (task: number) => [...shown(three, task, { tasks: 4, interpolation })];
    expect(turned(0)).toEqual([a, b, 0, 0, c, 0, 0, 0, 0]);
    expect(turned(1)).toEqual([0, 0, 0, b, c, 0, a, 0, 0]);
    expect(turned(2)).toEqual([0, 0, 0, 0, c, 0, 0, b, a]);
    expect(turned(3)).toEqual([0, 0, a, 0, c, b, 0, 0, 0]);
  }
});

/** The value at a place between the pixels of the drawing: weighed by the distances to the four nearest, or the nearest. */
function valueAt(row: number, column: number, nearest: boolean): number {
  const at = (r: number, c: number) => (r < 0 || c < 0 || r >= side || c >= side ? 0 : drawing[r * side + c] / 255);
  if (nearest) return at(Math.round(row), Math.round(column));
  let value = 0;
  for (let r = 0; r < side; r++) {
    for (let c = 0; c < side; c++) {
      value += at(r, c) * Math.max(0, 1 - Math.abs(row - r)) * Math.max(0, 1 - Math.abs(column - c));
    }
  }
  return value;
}

test.each(["bilinear", "nearest"] as const)("each pixel is the %s value of where it came from", (interpolation) => {
  const nearest = interpolation === "nearest";
  for (const angle of [17, 30, 111, 200]) {
    const x = shown(nine, 1, { tasks: 2, degrees: angle, interpolation });
    const radians = (angle / 2 / 180) * Math.PI;
    x.forEach((value, p) => {
      const down = Math.floor(p / side) - 4;
      const right = (p % side) - 4;
      const row = 4 + Math.cos(radians) * down + Math.sin(radians) * right;
      const column = 4 + Math.cos(radians) * right - Math.sin(radians) * down;
      expect(value).toBeCloseTo(valueAt(row, column, nearest), 5);
    });
  }
});

test("random angles are the seed's, below the most there are, and differ between tasks", () => {
  const stream = rotated(nine, { seed: 5, tasks: 20, degrees: 90, interpolation: "nearest" });
  const pictures = new Set<string>();
  for (let task = 0; task < 20; task++) {
    const angle = uniform(key(5, "angles"), task) * 90;
    const { x } = stream.at(task);
    // The same as the second of two increasing ones, of which the step is that angle.
    expect([...x]).toEqual([...shown(nine, 1, { tasks: 2, degrees: 2 * angle, interpolation: "nearest" })]);
    pictures.add(x.join());
  }
  expect(pictures.size).toBeGreaterThan(15);
});

test("what comes from outside is black, in any range; padding keeps the corners", () => {
  const white = imagesOf("white", [Array<number>(side * side).fill(255)], [0]);
  const x = shown(white, 1, { range: "symmetric" }); // 45 degrees
  expect(x[0]).toBe(-1);
  expect(x[40]).toBe(1);
  const padded = shown(white, 1, { range: "symmetric", pad: 3 });
  expect(padded.length).toBe(15 * 15);
  // A corner now points to the right, 5.7 pixels from the middle: beyond the 4 that there were.
  const row = [...padded.slice(7 * 15 + 7, 8 * 15)];
  expect(row.slice(0, 6)).toEqual(Array.from({ length: 6 }, () => expect.closeTo(1, 5)));
  expect(row[7]).toBeCloseTo(2 * (5 - 7 / Math.SQRT2) ** 2 - 1, 5); // a trace of the corner
});

test("recurring: the angle comes back; tests are turned as their task is", () => {
  const held = imagesOf("held", [[0, 0, 0, 0, 0, 0, 0, 0, 153]], [7]);
  const stream = rotated(three, { seed: 1, tasks: 6, recurring: 2, angles: "increasing", tests: held });
  const pictures = stream.starts.map((start) => stream.at(start).x.join());
  expect(pictures.slice(2)).toEqual([...pictures.slice(0, 2), ...pictures.slice(0, 2)]);
  expect(pictures[1]).not.toBe(pictures[0]);
  expect(stream.tests?.sets).toBe(2);
  const [first, second] = [0, 1].map((set) => ({
    ...stream.tests?.at(set, 0),
    x: [...(stream.tests?.at(set, 0).x ?? [])],
  }));
  const c = Math.fround(0.6);
  expect(first).toEqual({ x: [0, 0, 0, 0, 0, 0, 0, 0, c], y: 7 });
  expect(second).toEqual({ x: [0, 0, c, 0, 0, 0, 0, 0, 0], y: 7 });
});

test("what cannot be turned is named", () => {
  const flat = { ...three, name: "flat", pixels: 6 };
  expect(() => rotated(flat, { seed: 1, tasks: 1 })).toThrow("flat: images of 6 pixels, must be square");
  for (const degrees of [0, 361, Number.NaN]) {
    expect(() => rotated(three, { seed: 1, tasks: 1, degrees })).toThrow(`degrees is ${degrees}, must be above 0`);
  }
});

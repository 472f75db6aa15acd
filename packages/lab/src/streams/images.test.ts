import { expect, test } from "vitest";
import { imagesOf } from "../testing/images.ts";
import { framed, laidOut, tonesOf } from "./images.ts";

const square = imagesOf("square", [[0, 51, 102, 255]], [0]);

test("the values of each range, black first", () => {
  const of = (range: Parameters<typeof tonesOf>[0]) => [0, 51, 255].map((shade) => tonesOf(range)[shade]);
  expect(of("unit")).toEqual([0, Math.fround(0.2), 1]);
  expect(of("symmetric")).toEqual([-1, Math.fround(-0.6), 1]);
  expect(of({ mean: 0.2, sd: 0.5 })).toEqual([Math.fround(-0.4), 0, Math.fround(1.6)]);
  expect(tonesOf()).toEqual(tonesOf("unit"));
});

test("what is no range is named", () => {
  expect(() => tonesOf({ mean: 0, sd: 0 })).toThrow('range is {"mean":0,"sd":0}, must be "unit", "symmetric"');
  expect(() => tonesOf("signed" as "unit")).toThrow('range is "signed"');
});

test("padding puts black around the image", () => {
  const { pixels, place } = framed(square, 1);
  expect(pixels).toBe(16);
  const x = new Float32Array(16).fill(7);
  laidOut(place, tonesOf("symmetric"))(square, 0, x);
  const [a, b] = [51, 102].map((shade) => tonesOf("symmetric")[shade]);
  expect([...x]).toEqual([-1, -1, -1, -1, -1, -1, a, -1, -1, b, 1, -1, -1, -1, -1, -1]);
});

test("an image that is no square cannot be padded, and none beyond 256 pixels", () => {
  const flat = { ...square, name: "flat", pixels: 6 };
  expect(framed(flat).pixels).toBe(6);
  expect(() => framed(flat, 1)).toThrow("flat: images of 6 pixels, must be square");
  expect(() => framed({ ...square, pixels: 100 * 100 }, 100)).toThrow("pad is 100, makes square 300 pixels wide");
  expect(() => framed(square, -1)).toThrow("pad is -1, must be an integer from 0 to 100");
});

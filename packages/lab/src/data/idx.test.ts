import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { DataError } from "./errors.ts";
import { parseIdx, readIdx } from "./idx.ts";
import { imageOf, imageSet } from "./images.ts";
import { dataset, fashionMnist, imagesFrom, mnist } from "./mnist.ts";

const folder = mkdtempSync(join(tmpdir(), "plastica-idx-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** An IDX file of bytes: the values 1, 2, 3 … */
function idx(...dimensions: number[]): Uint8Array {
  const size = dimensions.reduce((product, n) => product * n, 1);
  const bytes = new Uint8Array(4 + 4 * dimensions.length + size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x0800 + dimensions.length);
  dimensions.forEach((n, i) => {
    view.setUint32(4 + 4 * i, n);
  });
  for (let i = 0; i < size; i++) bytes[bytes.length - size + i] = i + 1;
  return bytes;
}

test("reads dimensions and values, packed or not", () => {
  const plain = join(folder, "images");
  writeFileSync(plain, idx(2, 2, 3));
  writeFileSync(`${plain}.gz`, gzipSync(idx(2, 2, 3)));
  for (const path of [plain, `${plain}.gz`]) {
    const { dimensions, values } = readIdx(path, 3);
    expect(dimensions).toEqual([2, 2, 3]);
    expect([...values]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  }
});

test("a missing file is named by its path", () => {
  const path = join(folder, "nowhere");
  expect(() => readIdx(path, 3)).toThrow(new DataError(`${path}: no such file`));
});

test("another magic number is shown beside the right one", () => {
  expect(() => parseIdx(idx(4), "labels", 3)).toThrow(
    "labels: magic number is 0x00000801, must be 0x00000803 (unsigned bytes, 3 dimensions)",
  );
  expect(() => parseIdx(new TextEncoder().encode("<html>…"), "page", 1)).toThrow("page: magic number is 0x3c68746d");
});

test("every truncation is seen, and so is a file that is too long", () => {
  const whole = idx(2, 2, 2);
  for (let n = 0; n < whole.length; n++) {
    expect(() => parseIdx(whole.subarray(0, n), "cut", 3), `${n} bytes`).toThrow(/^cut: truncated/);
  }
  expect(() => parseIdx(Uint8Array.from([...whole, 0]), "long", 3)).toThrow(
    "long: too long: 2 x 2 x 2 says 8 values, there are 9",
  );
});

test("a torn gzip file is named", () => {
  const path = join(folder, "torn.gz");
  writeFileSync(path, gzipSync(idx(2, 2, 2)).subarray(0, 20));
  expect(() => readIdx(path, 3)).toThrow(`${path}: not a whole gzip file`);
});

test("every lit pixel is kept, wherever the bytes lie and whatever the size", () => {
  for (const pixels of [1, 3, 4, 7, 12]) {
    const count = 40;
    const bytes = Uint8Array.from({ length: 3 + count * pixels }, (_, i) => ((i * i) % 7 > 1 ? 0 : (i % 255) + 1));
    for (const offset of [0, 1, 2, 3]) {
      const values = bytes.subarray(offset, offset + count * pixels);
      const set = imageSet(
        "set",
        { dimensions: [count, 1, pixels], values },
        { dimensions: [count], values: new Uint8Array(count) },
      );
      for (let i = 0; i < count; i++) {
        const expected = Array.from(values.subarray(i * pixels, (i + 1) * pixels), (v) => Math.fround(v / 255));
        expect([...imageOf(set, i)]).toEqual(expected);
      }
    }
  }
});

test("images and labels must go together", () => {
  const images = parseIdx(idx(2, 2, 2), "images", 3);
  expect(() => imageSet("set", images, parseIdx(idx(3), "labels", 1))).toThrow("set: 2 images but 3 labels");
  expect(() => imageSet("set", images, parseIdx(idx(2), "labels", 1), 2)).toThrow("set: label 2 of image 1");
});

test("MNIST: 60,000 images of 784 pixels in [0, 1], with labels", () => {
  const set = mnist();
  expect([set.count, set.pixels, set.classes]).toEqual([60000, 784, 10]);
  expect([...set.labels.subarray(0, 8)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3]);
  const x = imageOf(set, 0);
  expect(Math.max(...x)).toBe(1);
  expect(Math.min(...x)).toBe(0);
  expect(x[5 * 28 + 12]).toBe(Math.fround(3 / 255)); // the first lit pixel of the well-known first five
  expect(set.first[60000] / (60000 * 784)).toBeCloseTo(0.191, 3);
  expect(mnist("test").count).toBe(10000);
});

test("Fashion-MNIST is read from the folder given, and says what to do when there is none", () => {
  for (const [name, bytes] of [
    ["train-images-idx3-ubyte", idx(2, 2, 2)],
    ["train-labels-idx1-ubyte.gz", gzipSync(idx(2))],
  ] as const) {
    writeFileSync(join(folder, name), bytes);
  }
  expect([...imageOf(fashionMnist("train", folder), 1)]).toEqual([5, 6, 7, 8].map((v) => Math.fround(v / 255)));
  expect(() => fashionMnist("train", join(folder, "none"))).toThrow("set PLASTICA_FASHION_MNIST");
});

test("a user's own images, as many classes as there are labels or as are given", () => {
  const [images, labels] = [join(folder, "own-images.idx"), join(folder, "own-labels.idx.gz")];
  writeFileSync(images, idx(3, 2, 2));
  writeFileSync(labels, gzipSync(idx(3)));
  const set = imagesFrom({ images, labels });
  expect([set.name, set.count, set.pixels, set.classes]).toEqual([images, 3, 4, 4]);
  expect([...set.labels]).toEqual([1, 2, 3]);
  expect([...imageOf(set, 2)]).toEqual([9, 10, 11, 12].map((v) => Math.fround(v / 255)));
  expect(imagesFrom({ images, labels, name: "own", classes: 9 })).toMatchObject({ name: "own", classes: 9 });
  expect(() => imagesFrom({ images, labels, name: "own", classes: 3 })).toThrow(
    "own: label 3 of image 2, must be below 3",
  );
  expect(() => imagesFrom({ images: labels, labels })).toThrow(`${labels}: magic number is 0x00000801`);
});

test("a named data set is read once", () => {
  expect(dataset("mnist", "test")).toBe(dataset("mnist", "test"));
  expect(dataset("mnist", "test").count).toBe(10000);
});

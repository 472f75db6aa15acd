import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test, vi } from "vitest";
import { dataDigest } from "./data-digest.ts";

const root = mkdtempSync(join(tmpdir(), "plastica-digest-"));
afterAll(() => rmSync(root, { recursive: true }));

const path = join(root, "rows.csv");
const rows = (last: number) =>
  `a,b\n${Array.from({ length: 60 }, (_, n) => `${n % 7},${n === 59 ? last : n % 3}\n`).join("")}`;
writeFileSync(path, rows(1));

test("streams that the recipe names have none; a file's is that of its content, wherever it lies", () => {
  expect(dataDigest({ kind: "permuted", dataset: "mnist", tasks: 1 })).toBeUndefined();
  const digest = dataDigest({ kind: "table", path });
  expect(digest).toMatch(/^[0-9a-f]{16}$/);
  const copy = join(root, "copy.csv");
  writeFileSync(copy, readFileSync(path));
  expect(dataDigest({ kind: "table", path: copy })).toBe(digest);
  writeFileSync(copy, rows(2));
  expect(dataDigest({ kind: "table", path: copy })).not.toBe(digest);
  expect(dataDigest({ kind: "split", dataset: { images: path, labels: copy } })).toMatch(/^[0-9a-f]{16}$/);
  expect(() => dataDigest({ kind: "table", path: join(root, "none.csv") })).toThrow("none.csv: no such file");
});

test("a file that is changed at once, its size the same, is seen; one that is only packed is the same", () => {
  const own = join(root, "quick.csv");
  const digests = [1, 2, 1].map((last) => {
    writeFileSync(own, rows(last));
    return dataDigest({ kind: "table", path: own });
  });
  expect(digests[1]).not.toBe(digests[0]);
  expect(digests[2]).toBe(digests[0]);
  writeFileSync(`${own}.gz`, gzipSync(rows(1)));
  expect(dataDigest({ kind: "table", path: `${own}.gz` })).toBe(digests[0]);
});

test("the labels of an IDX file count, and so do the files of a Fashion-MNIST that somebody has put somewhere", () => {
  const labels = join(root, "labels.idx");
  const digestOf = (last: number) => {
    writeFileSync(labels, rows(last));
    return dataDigest({ kind: "table", path, labels });
  };
  expect(digestOf(1)).not.toBe(digestOf(2));
  vi.stubEnv("PLASTICA_FASHION_MNIST", root);
  const fashion = () => dataDigest({ kind: "permuted", dataset: "fashion-mnist", tasks: 1 });
  expect(fashion()).toBeUndefined();
  writeFileSync(join(root, "train-labels-idx1-ubyte"), rows(1));
  const before = fashion();
  expect(before).toMatch(/^[0-9a-f]{16}$/);
  writeFileSync(join(root, "train-labels-idx1-ubyte"), rows(2));
  expect(fashion()).not.toBe(before);
  vi.unstubAllEnvs();
});

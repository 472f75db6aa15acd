import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { SnapshotStore, sealed, sealHolds, storedIn } from "./snapshots.ts";

const folder = mkdtempSync(join(tmpdir(), "plastica-snapshots-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("the newest two are kept, in order, and nothing unfinished stays", () => {
  const path = join(folder, "kept");
  const store = new SnapshotStore(path);
  for (const position of [5, 300, 40, 1_200_000_000]) store.write(position, Uint8Array.of(position & 255));
  expect(store.list().map(({ position }) => position)).toEqual([1_200_000_000, 300]);
  expect([...store.read(store.list()[1])]).toEqual([300 & 255]);
  writeFileSync(join(path, "000000400.safetensors.part"), "half");
  expect(new SnapshotStore(path).list()).toHaveLength(2);
  expect(readdirSync(path).filter((name) => name.endsWith(".part"))).toEqual([]);
});

test("one that is set aside is kept under another name", () => {
  const store = new SnapshotStore(join(folder, "aside"));
  store.write(7, Uint8Array.of(1));
  store.setAside(store.list()[0]);
  expect(store.list()).toEqual([]);
  expect(readdirSync(store.folder)).toEqual(["000000007.safetensors.damaged"]);
});

test("no folder has no snapshots", () => {
  expect(storedIn(join(folder, "none"))).toEqual([]);
});

test("a seal holds through JSON, whatever the order of keys, and breaks with any change", () => {
  const note = sealed({ position: 12, tally: { loss: 0.1 + 0.2, dormant: [1 / 3] } });
  expect(sealHolds(JSON.parse(JSON.stringify(note)))).toBe(true);
  expect(sealHolds({ crc: note.crc, tally: note.tally, position: 12 })).toBe(true);
  expect(sealHolds({ ...note, position: 13 })).toBe(false);
  expect(sealHolds({ ...note, more: 1 })).toBe(false);
  for (const other of [null, undefined, 3, {}, []]) expect(sealHolds(other)).toBe(false);
});

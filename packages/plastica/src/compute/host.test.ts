import { afterEach, expect, it, vi } from "vitest";
import { sharedMemory, startThread } from "./host.ts";

afterEach(() => void vi.unstubAllGlobals());

it("makes memory that threads can share", () => {
  expect(sharedMemory(1, 2)?.buffer).toBeInstanceOf(SharedArrayBuffer);
});

it("makes none where the host has no shared memory, or a page is not isolated", () => {
  vi.stubGlobal("crossOriginIsolated", false);
  expect(sharedMemory(1, 2)?.buffer).toBeInstanceOf(SharedArrayBuffer); // Node's threads do not depend on it
  vi.stubGlobal("process", {});
  expect(sharedMemory(1, 2)).toBeUndefined();
  vi.unstubAllGlobals();
  vi.stubGlobal("SharedArrayBuffer", undefined);
  expect(sharedMemory(1, 2)).toBeUndefined();
});

it("starts a thread that runs a function of its data, and stops it", async () => {
  const shared = new Int32Array(new SharedArrayBuffer(8));
  const thread = startThread((box: Int32Array) => {
    for (;;) {
      Atomics.add(box, 0, 1);
      Atomics.notify(box, 0);
      Atomics.wait(box, 1, 0, 1);
    }
  }, shared);
  await expect.poll(() => Atomics.load(shared, 0)).toBeGreaterThan(2);
  thread!.stop();
  let last = -1;
  await expect.poll(() => last === (last = Atomics.load(shared, 0)), { interval: 50 }).toBe(true);
});

it("has none where the host has none", () => {
  vi.stubGlobal("process", {});
  vi.stubGlobal("Worker", undefined);
  expect(startThread(() => {}, 0)).toBeUndefined();
});

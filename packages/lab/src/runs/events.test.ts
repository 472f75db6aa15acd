import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { EventLog, frame, parseEvents, readEvents } from "./events.ts";

const folder = mkdtempSync(join(tmpdir(), "plastica-events-"));
afterAll(() => rmSync(folder, { recursive: true }));

const events = [
  { type: "begun", learner: "naïve" },
  { type: "task", task: 0, accuracy: 0.1, text: 'a "crc":"00000000" inside', loss: null },
  { type: "died", neurons: [3, 1e21], step: 0 },
];
const bytes = new TextEncoder().encode(events.map((event, i) => frame(i, event)).join(""));

test("a line is JSON with its number first and its checksum last", () => {
  const line = frame(4, { type: "task", task: 1 });
  expect(line).toMatch(/^\{"seq":4,"type":"task","task":1,"crc":"[0-9a-f]{8}"\}\n$/);
  expect(JSON.parse(line)).toMatchObject({ seq: 4, type: "task", task: 1 });
});

test("what was framed is read back", () => {
  expect(parseEvents(bytes)).toEqual({ events, bytes: bytes.length, torn: false });
});

test("cut at any byte, the whole lines before are read and the rest is told", () => {
  const ends = [
    0,
    ...events.map(
      (_, i) =>
        new TextEncoder().encode(
          events
            .slice(0, i + 1)
            .map((e, j) => frame(j, e))
            .join(""),
        ).length,
    ),
  ];
  for (let cut = 0; cut <= bytes.length; cut++) {
    const whole = ends.filter((end) => end <= cut).length - 1;
    expect(parseEvents(bytes.subarray(0, cut)), `cut at ${cut}`).toEqual({
      events: events.slice(0, whole),
      bytes: ends[whole],
      torn: cut !== ends[whole],
    });
  }
});

test("any altered byte ends the reading at its line", () => {
  const firstLine = frame(0, events[0]).length + 1; // ï has two bytes
  for (let at = 0; at < bytes.length; at++) {
    const altered = Uint8Array.from(bytes);
    altered[at] ^= 1;
    const { torn, bytes: kept } = parseEvents(altered);
    expect(torn, `byte ${at}`).toBe(true);
    expect(kept).toBeLessThanOrEqual(at);
    if (at >= firstLine) expect(kept).toBeGreaterThanOrEqual(firstLine);
  }
});

test("a line out of turn is not read", () => {
  expect(parseEvents(new TextEncoder().encode(frame(0, events[0]) + frame(2, events[1]))).events).toHaveLength(1);
});

test("a log goes on from a place in the middle, and what came after that is gone", () => {
  const path = join(folder, "events.jsonl");
  const log = new EventLog(path, 0, 0);
  log.append(events[0]);
  const [kept, seq] = [log.bytes, log.seq];
  log.append(events[1]);
  log.close();
  writeFileSync(path, "torn", { flag: "a" });
  expect(readEvents(path)).toMatchObject({ torn: true, events: events.slice(0, 2) });

  const again = new EventLog(path, kept, seq);
  again.append(events[2]);
  again.sync();
  again.close();
  expect(readFileSync(path, "utf8")).toBe(frame(0, events[0]) + frame(1, events[2]));
});

test("no log is an empty log", () => {
  expect(readEvents(join(folder, "none"))).toEqual({ events: [], bytes: 0, torn: false });
});

import { measures, type Outlook, readRecipe } from "@plastica/lab";
import { expect, test } from "vitest";
import { bar, sparkline } from "./bars.ts";
import { type Board, noteBeat, noteDiverged, noteOpened, noteWindow, secondsLeft } from "./board.ts";
import { aligned, placed, took } from "./lines.ts";
import { blockLines } from "./live-block.ts";
import { cut, paintFor, widthOf, wrapped } from "./paint.ts";
import { sweepLines } from "./sweep-block.ts";
import { noteView, sweepBoard } from "./sweep-board.ts";

const plain = paintFor({ isTTY: false });
const textOf = (lines: readonly string[]) => lines.join("\n").replaceAll("\u00a0", " ");

test("a bar is full at the end, empty at the beginning, and always as wide", () => {
  for (const share of [-1, 0, 0.3, 0.999, 1, 2]) {
    const { done, left } = bar(share, 10);
    expect(done.length + left.length).toBe(10);
  }
  expect(bar(0, 10).done).toBe("");
  expect(bar(1, 10).left).toBe("");
  expect(bar(0.5, 10).done).toBe("━━━━━");
});

test("a sparkline goes from the lowest block to the highest, and is never wider than it may", () => {
  expect(sparkline([0, 0.5, 1], 10, 0, 1)).toBe("▁▅█");
  expect(
    sparkline(
      Array.from({ length: 100 }, (_, i) => i / 99),
      8,
      0,
      1,
    ),
  ).toBe("▁▂▃▄▅▆▇█");
  expect(sparkline([], 8, 0, 1)).toBe("");
});

test("colours have no width and are cut whole", () => {
  const red = "\u001b[31mred\u001b[0m";
  expect(widthOf(`${red} and ▁`)).toBe(9);
  expect(cut(red, 2)).toBe("\u001b[31mre\u001b[0m");
  expect(cut("short", 10)).toBe("short");
  expect(plain.bold("plain")).toBe("plain");
  expect(wrapped("one two three four", 9)).toEqual(["one two", "three", "four"]);
});

test("colours are for terminals, and never where NO_COLOR is set", () => {
  const before = process.env.NO_COLOR;
  delete process.env.NO_COLOR;
  expect(paintFor({ isTTY: true }).bold("x")).toBe("\u001b[1mx\u001b[0m");
  process.env.NO_COLOR = "1";
  expect(paintFor({ isTTY: true }).bold("x")).toBe("x");
  if (before === undefined) delete process.env.NO_COLOR;
  else process.env.NO_COLOR = before;
});

test("columns stand under each other, also where a row is short", () => {
  const rows = [
    ["a", "1"],
    ["long", "22", "more"],
  ];
  expect(aligned(rows)).toEqual(["a      1", "long  22  more"]);
  expect(aligned(rows, 2)).toEqual(["a     1", "long  22  more"]);
  expect(aligned([])).toEqual([]);
});

test("places and times are told as they are known", () => {
  expect(placed(1, { step: "task", windows: 10, target: "class" })).toBe("task  2 of 10");
  expect(placed(10, { step: "task", windows: 10, target: "class" })).toBe("task 10 of 10"); // all are finished
  expect(placed(4)).toBe("window 5");
  expect([0.04, 9.94, 9.96, 75].map(took).map((text) => text.replaceAll("\u00a0", " "))).toEqual([
    "0.0 s",
    "9.9 s",
    "10 s",
    "1 min 15 s",
  ]);
});

function board(): Board {
  const players = ["backprop", "plastic"].map((name) => ({
    name,
    values: [],
    position: 0,
    diverged: false,
    from: 0,
    beat: undefined,
  }));
  return { id: "first-life-123456", examples: undefined, outlook: undefined, players };
}

const cost = { parameters: 100, operations: 90, bytes: 4000 };
const tasks: Outlook = { step: "task", windows: 10, target: "class" };
const windows: Outlook = { step: "window", windows: 50, target: "values" };

test("the live block shows each learner, and no line is too wide for the screen", () => {
  const shown = board();
  expect(textOf(blockLines(shown, 0, 100, plain))).toContain("first-life-123456  opening its stream");
  noteOpened(shown, 1000, tasks);
  const record = {
    window: 0,
    task: 0,
    examples: 100,
    accuracy: 0.921,
    loss: 0.3,
    dormant: [0.1, 0.2],
    births: 40,
    deaths: 40,
    ...cost,
  };
  noteWindow(shown, "plastic", record);
  const beat = { loss: 0.4, dormant: 0, births: 0, deaths: 0 };
  noteBeat(shown, "plastic", {
    ...beat,
    position: 150,
    seen: 50,
    accuracy: 0.9,
    dormant: 0.15,
    births: 41,
    deaths: 41,
  });
  noteBeat(shown, "backprop", { ...beat, position: 100, seen: 100, accuracy: 0.8 });
  for (const columns of [30, 60, 80, 200]) {
    for (const line of blockLines(shown, 10, columns, plain)) expect(widthOf(line)).toBeLessThan(columns);
  }
  const text = textOf(blockLines(shown, 10, 100, plain));
  expect(text).toContain("10 tasks, 1,000 examples  about 1 min 30 s left"); // the slower one has 900 to go, 100 in 10 seconds
  expect(text).toContain("task  2 of 10  90.0 % now");
  expect(text).toContain("92.1 % last task");
  expect(text).toContain("dormant neurons 15.0 %, 41 born, 41 died");
});

test("where the target is values, losses are shown and nothing is right or wrong", () => {
  const shown = board();
  noteOpened(shown, 5000, windows);
  for (const [window, loss] of [0.5, 0.25].entries()) {
    noteWindow(shown, "plastic", { window, task: 0, examples: 100, loss, dormant: [], births: 0, deaths: 0, ...cost });
  }
  noteBeat(shown, "plastic", { position: 250, seen: 50, accuracy: 0, loss: 0.125, dormant: 0, births: 0, deaths: 0 });
  noteDiverged(shown, "backprop", 30);
  const text = textOf(blockLines(shown, 10, 100, plain));
  expect(text).toContain("5,000 examples");
  expect(text).not.toContain("tasks");
  expect(text).toContain("window  3 of 50  0.1250 now");
  expect(text).toContain("█▁");
  expect(text).toContain("0.2500 last window");
  expect(text).toContain("diverged in window 1");
  expect(text).not.toContain("0.0 % now");
});

test("time left is told by the pace of this session", () => {
  const shown = board();
  expect(secondsLeft(shown, 5)).toBeUndefined(); // how long it will be is not known yet
  noteOpened(shown, 1000, tasks);
  expect(secondsLeft(shown, 5)).toBeUndefined();
  const [a, b] = shown.players;
  Object.assign(a, { from: 500, position: 750 });
  Object.assign(b, { from: 900, position: 1000 });
  expect(secondsLeft(shown, 10)).toBe(10);
});

test("a sweep's block has a line for each method, none too wide for the screen", () => {
  const recipes = ["none", "joint"].flatMap((method) =>
    [1, 2, 3, 4].map((seed) =>
      readRecipe({
        name: "split",
        seed,
        stream: { kind: "sea" },
        network: { hidden: [4] },
        learners: { [method]: { rule: "sgd" } },
      }),
    ),
  );
  const shown = sweepBoard("Split MNIST", "/nowhere", measures["average-accuracy"], recipes);
  const [none] = shown.methods;
  Object.assign(none, { done: 2, failed: 1 });
  none.values.set(1, 0.198).set(2, 0.202);
  const running = [
    { job: { key: "k", recipe: JSON.stringify(recipes[6]), folder: "f", rank: 0 }, position: 300, examples: 1000 },
  ];
  noteView(shown, { jobs: 8, done: 2, failed: 1, running, elsewhere: 2, secondsLeft: 75 });
  const text = textOf(sweepLines(shown, 80, plain));
  expect(text).toContain("Split MNIST  8 runs, 2 of them in other processes  about 1 min 15 s left");
  expect(text).toMatch(/\nnone +━━━━━───── +2\/4 1 failed +20\.0 % \(17\.5 to 22\.5 %\)\n/);
  expect(text).toMatch(/\njoint +━───────── +0\/4 +– +30 %\n/);
  for (const columns of [40, 80, 120]) {
    for (const line of sweepLines(shown, columns, plain)) expect(widthOf(line)).toBeLessThan(columns);
  }
});

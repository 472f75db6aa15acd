import { expect, test } from "vitest";
import { bar, sparkline } from "./bars.ts";
import { type Board, noteBeat, noteTask, secondsLeft } from "./board.ts";
import { blockLines } from "./live-block.ts";
import { cut, paintFor, widthOf, wrapped } from "./paint.ts";
import { aligned } from "./result.ts";

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
  expect(paintFor({ isTTY: false }).bold("plain")).toBe("plain");
  expect(wrapped("one two three four", 9)).toEqual(["one two", "three", "four"]);
});

test("columns stand under each other", () => {
  expect(
    aligned([
      ["a", "1"],
      ["long", "22"],
    ]),
  ).toEqual(["a      1", "long  22"]);
});

function board(): Board {
  const players = ["backprop", "plastic"].map((name) => ({
    name,
    accuracies: [],
    position: 0,
    diverged: false,
    from: 0,
    beat: undefined,
  }));
  return { id: "first-life-123456", tasks: 10, examplesPerTask: 100, players };
}

test("the live block shows each learner, and no line is too wide for the screen", () => {
  const shown = board();
  const record = { task: 0, examples: 100, accuracy: 0.921, loss: 0.3, dormant: [0.1, 0.2], births: 40, deaths: 40 };
  noteTask(shown, "plastic", record);
  noteBeat(shown, "plastic", { position: 150, seen: 50, accuracy: 0.9, dormant: 0.15, births: 41, deaths: 41 });
  noteBeat(shown, "backprop", { position: 100, seen: 100, accuracy: 0.8, dormant: 0, births: 0, deaths: 0 });
  for (const columns of [30, 60, 80, 200]) {
    for (const line of blockLines(shown, 10, columns, paintFor({ isTTY: false })))
      expect(widthOf(line)).toBeLessThan(columns);
  }
  const text = blockLines(shown, 10, 100, paintFor({ isTTY: false }))
    .join("\n")
    .replaceAll("\u00a0", " ");
  expect(text).toContain("about 1 min 30 s left"); // the slower one has 900 of 1000 to go, 100 in 10 seconds
  expect(text).toContain("task  2 of 10  90.0 % now");
  expect(text).toContain("92.1 % last task");
  expect(text).toContain("dormant neurons 15.0 %, 41 born, 41 died");
});

test("time left is told by the pace of this session", () => {
  const shown = board();
  expect(secondsLeft(shown, 5)).toBeUndefined();
  const [a, b] = shown.players;
  Object.assign(a, { from: 500, position: 750 });
  Object.assign(b, { from: 900, position: 1000 });
  expect(secondsLeft(shown, 10)).toBe(10);
});

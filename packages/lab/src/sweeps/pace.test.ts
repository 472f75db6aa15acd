import { expect, test } from "vitest";
import { type Ahead, Pace } from "./pace.ts";

const ahead = (change: Partial<Ahead>): Ahead => ({ running: [], elsewhere: [], waiting: [], seats: 2, ...change });
const run = (kind: string, from: number, share: number, seconds: number) => ({ kind, from, share, seconds });

test("nothing is said before anything was measured", () => {
  const running = [run("a", 0.5, 0.51, 100)]; // too little of it
  expect(new Pace().secondsLeft(ahead({ running, waiting: ["a"] }))).toBeUndefined();
});

test("jobs that run are judged by their own speed since they were taken up", () => {
  const pace = new Pace();
  expect(pace.secondsLeft(ahead({ running: [run("a", 0, 0.25, 10), run("a", 0.5, 0.75, 5)] }))).toBe(30);
  expect(pace.secondsLeft(ahead({ running: [run("a", 0.5, 0.75, 5)] }))).toBe(5);
});

test("jobs that wait take as long as those of their kind took, each seat one after the other", () => {
  const pace = new Pace();
  pace.finished("a", 9);
  pace.finished("a", 11);
  pace.finished("b", 40);
  expect(pace.secondsLeft(ahead({ waiting: ["a", "a", "a"] }))).toBe(20);
  expect(pace.secondsLeft(ahead({ waiting: ["b", "a", "a", "a"] }))).toBe(40);
  expect(pace.secondsLeft(ahead({ waiting: ["a", "a", "a"], seats: 1 }))).toBe(30);
  expect(pace.secondsLeft(ahead({ running: [run("a", 0, 0.5, 5)], waiting: ["b"] }))).toBe(40);
  expect(pace.secondsLeft(ahead({ running: [run("a", 0, 0, 0), run("b", 0, 0, 0)] }))).toBe(40);
});

test("a kind that was never seen takes as long as the mean of the others; a running one of its kind tells more", () => {
  const pace = new Pace();
  pace.finished("a", 10);
  pace.finished("b", 30);
  expect(pace.secondsLeft(ahead({ waiting: ["c"] }))).toBe(20);
  expect(pace.secondsLeft(ahead({ running: [run("c", 0, 0.5, 50)], waiting: ["c"] }))).toBe(100);
});

test("what other processes live is half over, and their hands are counted", () => {
  const pace = new Pace();
  pace.finished("a", 10);
  expect(pace.secondsLeft(ahead({ elsewhere: ["a"], seats: 1 }))).toBe(5);
  expect(pace.secondsLeft(ahead({ elsewhere: ["a"], waiting: ["a", "a"], seats: 1 }))).toBe(15);
});

test("when all is done nothing is left", () => {
  const pace = new Pace();
  pace.finished("a", 10);
  expect(pace.secondsLeft(ahead({}))).toBe(0);
});

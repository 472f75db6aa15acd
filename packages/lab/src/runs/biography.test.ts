import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readRecipe } from "../recipe/recipe.ts";
import { reportPage } from "../report/page.ts";
import { biographyOf, decisionsOf } from "./biography.ts";
import { conduct } from "./conduct.ts";
import { type LoggedEvent, readEvents } from "./events.ts";
import { eventsPath } from "./paths.ts";
import { createRun, type Run, stateOf } from "./run.ts";

const root = mkdtempSync(join(tmpdir(), "plastica-biography-"));
afterAll(() => rmSync(root, { recursive: true }));

const cycle = {
  ...{ kind: "neuroplasticity", proposals: "births deaths consolidation", growth: 3, price: 0.1, settling: 0 },
  ...{
    shortest: 60,
    longest: 120,
    cooldown: 30,
    recent: 16,
    probe: 16,
    heldOut: 0.1,
    certainty: 0,
    margin: 0,
    maturity: 20,
  },
  ...{ way: "copy", births: 0.5, remembering: 0.5 },
};
const turnover = { kind: "continual-backprop", replacementRate: 0.01, maturity: 20 };
const learners = {
  cycle: { rule: { kind: "sgd", lr: 0.05 }, structure: [cycle] },
  turnover: { rule: { kind: "sgd", lr: 0.05 }, structure: [turnover] },
  afresh: { rule: "sgd", afresh: true },
};
const text = (events: string, ...names: (keyof typeof learners)[]) => ({
  name: "told",
  stream: { kind: "sea", length: 1200 },
  window: 500,
  network: { hidden: [6] },
  learners: Object.fromEntries(names.map((name) => [name, learners[name]])),
  events,
});
let run: Run;
let plain: Run;

beforeAll(async () => {
  run = createRun(root, readRecipe(text("all", "cycle", "turnover")));
  plain = createRun(root, readRecipe(text("windows", "cycle")));
  for (const one of [run, plain]) await conduct(one);
});

const eventsOf = (of: Run, learner: string, type: string): LoggedEvent[] =>
  readEvents(eventsPath(of.folder, learner)).events.filter((event) => event.type === type);

test("who was born of a decision is told with its evidence and its parent, and the parent knows its children", () => {
  const [birth] = eventsOf(run, "cycle", "born") as unknown as { step: number; neurons: number[]; parents: number[] }[];
  const told = biographyOf(run, "cycle", birth.neurons[0]);
  expect(told).toMatchObject({
    ...{ learner: "cycle", neuron: birth.neurons[0], population: "hidden1" },
    born: { step: birth.step, cause: "neuroplasticity", parent: birth.parents[0] },
  });
  expect(told.born.decided).toMatchObject({ proposal: "births", outcome: "kept", step: birth.step });
  expect(told.born.decided?.evidence.lossWith).toBeLessThan(told.born.decided?.evidence.lossWithout as number);
  expect(biographyOf(run, "cycle", birth.parents[0]).children).toContain(birth.neurons[0]);
});

test("of the dead it is told when, by what, with which utility, how old, and who took the place", () => {
  const [death] = eventsOf(run, "turnover", "died") as unknown as Record<"neurons" | "born" | "utility", number[]>[];
  const [birth] = eventsOf(run, "turnover", "born") as unknown as { neurons: number[] }[];
  const told = biographyOf(run, "turnover", death.neurons[0]);
  const { step } = death as unknown as { step: number };
  expect(told.died).toEqual({
    step,
    cause: "continual-backprop",
    utility: death.utility[0],
    successor: birth.neurons[0],
  });
  expect(told.age).toBe(step - death.born[0]);
  expect(told.born).toEqual({ step: 0 });
});

test("who lives is as old as the run, and has the utility that the newest snapshot has", () => {
  const dead = new Set(eventsOf(run, "turnover", "died").flatMap(({ neurons }) => neurons as number[]));
  const [last] = eventsOf(run, "turnover", "born").slice(-1) as unknown as { step: number; neurons: number[] }[];
  expect(dead.has(last.neurons[0])).toBe(false);
  const told = biographyOf(run, "turnover", last.neurons[0]);
  expect(told.died).toBeUndefined();
  expect(told.age).toBe(1200 - last.step);
  expect(told.utility).toBeTypeOf("number");
  expect(biographyOf(run, "turnover", 0)).toMatchObject({ population: "input", born: { step: 0 }, age: 1200 });
});

test("what happened to its synapses on the way is told, and nothing from before its birth or after its death", () => {
  const consolidated = eventsOf(run, "cycle", "consolidated");
  const told = biographyOf(run, "cycle", 3);
  expect(told.happened.length).toBe(consolidated.length);
  for (const { step, neurons } of eventsOf(run, "cycle", "born") as unknown as { step: number; neurons: number[] }[])
    for (const happened of biographyOf(run, "cycle", neurons[0]).happened)
      expect(happened.step).toBeGreaterThanOrEqual(step);
});

test("what cannot be told is said", () => {
  expect(() => biographyOf(plain, "cycle", 3)).toThrow(
    'a neuron\'s life is told where the recipe says "events": "all"',
  );
  expect(() => biographyOf(run, "cycle", 99_999)).toThrow("neuron 99999: cycle of told-");
  expect(() => biographyOf(run, "other", 3)).toThrow('learner "other": told-');
  const anew = createRun(root, readRecipe(text("all", "afresh", "turnover")));
  expect(() => biographyOf(anew, "afresh", 3)).toThrow("another network in each task");
  expect(() => biographyOf(anew, "turnover", 3)).toThrow("nothing is logged of turnover yet");
});

test("decisions are in every log, and in the report", () => {
  expect(decisionsOf(plain, "cycle")).toEqual(decisionsOf(run, "cycle"));
  expect(decisionsOf(run, "cycle").length).toBeGreaterThan(5);
  const page = reportPage(plain, stateOf(plain));
  expect(page).toContain("What was decided");
  expect(page).toMatch(/<th scope="row">cycle: births<\/th><td>\d+<\/td>/);
  expect(reportPage(plain, { ...stateOf(plain), learners: {} })).not.toContain("What was decided");
});

test.each(["neurons", "beside"])(
  "whom dropin let be born as %s is told with the decision on its own layer",
  async (form) => {
    const dropin = { kind: "dropin", when: "schedule", where: "all", count: 1, every: 300, cooldown: 600, form };
    const grown = createRun(
      root,
      readRecipe({
        ...text("all"),
        name: `grown-${form}`,
        network: { hidden: [6, 5] },
        learners: { grower: { rule: "sgd", structure: [dropin] } },
      }),
    );
    await conduct(grown);
    const births = eventsOf(grown, "grower", "born") as unknown as { neurons: number[] }[];
    const decisions = decisionsOf(grown, "grower");
    expect(births.length).toBeGreaterThan(3);
    expect(births.map(({ neurons: [neuron] }) => biographyOf(grown, "grower", neuron).born.decided)).toEqual(decisions);
  },
);

test("that a student took the network's place is in every log, and in the report", async () => {
  const succession = { kind: "succession", hidden: "3", at: 500, window: 200, margin: 1 };
  const taken = createRun(
    root,
    readRecipe({
      ...text("windows"),
      name: "succeeded",
      learners: { heir: { rule: "sgd", structure: [succession] } },
    }),
  );
  await conduct(taken);
  const decisions = decisionsOf(taken, "heir");
  expect(decisions.map(({ step, outcome }) => [step, outcome])).toEqual([
    [500, "kept"],
    [700, "kept"],
  ]);
  expect(decisions[1].why).toContain("the student takes the network's place");
  expect(reportPage(taken, stateOf(taken))).toContain("the student takes the network's place");
});

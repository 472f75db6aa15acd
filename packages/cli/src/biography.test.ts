import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { plastica } from "./testing/command.ts";
import { tinyLife } from "./testing/recipe.ts";

const root = mkdtempSync(join(tmpdir(), "plastica-cli-"));
afterAll(() => rmSync(root, { recursive: true }));
const out = ["--out", join(root, "runs")];
const cycle = {
  ...{ kind: "neuroplasticity", proposals: "births", growth: 4, shortest: 60, longest: 60, cooldown: 0, births: 0.5 },
  ...{ recent: 8, probe: 8, heldOut: 0.2, certainty: 0, margin: 0 },
};
const recipe = join(root, "recipe.json");

beforeAll(async () => {
  writeFileSync(
    recipe,
    JSON.stringify({ ...tinyLife(3), name: "told", learners: { cycle: { rule: "sgd", structure: [cycle] } } }),
  );
  expect(await plastica(["live", recipe, ...out, "--json"])).toMatchObject({ code: 0 });
});

test("a neuron's life is told in words, and as JSON; without a neuron, every decision", async () => {
  const decided = await plastica(["biography", "told", ...out]);
  expect(decided.stdout).toMatch(
    /^cycle: \d+ decisions\n {2}update 6\d: births in hidden[12] \(2\) by neuroplasticity, \w+\n {4}2 in hidden[12]: it is time/,
  );
  const { cycle: all } = JSON.parse((await plastica(["biography", "told", ...out, "--json"])).stdout);
  expect(all.some(({ outcome }: { outcome: string }) => outcome === "kept")).toBe(true);
  const founder = await plastica(["biography", "told", "20", ...out]);
  expect(founder.stdout).toMatch(
    /^Neuron 20 of hidden1, cycle\n {2}birth +a founder: .*\n {2}now +lives, \d+ updates old\n$/,
  );
  const newborn = await plastica(["biography", "told", "29", ...out]);
  expect(newborn.stdout).toMatch(
    / {2}update \d+ +born, by neuroplasticity\n +decided: 2 in hidden[12]: it is time.*\n +by loss /,
  );
  const data = JSON.parse((await plastica(["biography", "told", "29", ...out, "--json"])).stdout);
  expect(data).toMatchObject({
    learner: "cycle",
    neuron: 29,
    born: { cause: "neuroplasticity", decided: { outcome: "kept" } },
  });
});

test("of a newborn of dropin it is told why it was born", async () => {
  const grown = join(root, "grown.json");
  const dropin = { kind: "dropin", when: "schedule", count: 1, every: 100, how: "copy" };
  const learners = { grower: { rule: "sgd", structure: [dropin] } };
  writeFileSync(grown, JSON.stringify({ ...tinyLife(1), name: "grown", learners }));
  expect(await plastica(["live", grown, "--json", "--out", join(root, "grown")])).toMatchObject({ code: 0 });
  const { stdout } = await plastica(["biography", "grown", "29", "--out", join(root, "grown")]);
  expect(stdout).toMatch(/born, by dropin, from neuron \d+\n +decided: it is time\n +now /);
});

test("a dry run lives on without a change, and says what it would have done", async () => {
  const { code, stdout } = await plastica(["live", recipe, "--dry-run", "--out", join(root, "dry")]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/births in hidden[12] \(2\) by neuroplasticity, would try\n.*it would be (kept|undone)$/m);
});

test("a policy that cannot be dry is refused by name, since it would change the network in earnest", async () => {
  const mixed = join(root, "mixed.json");
  const both = { rule: "sgd", structure: [cycle, "redo"] };
  writeFileSync(
    mixed,
    JSON.stringify({ ...tinyLife(2), learners: { both, pruned: { ...both, structure: ["pruning"] } } }),
  );
  expect(await plastica(["live", mixed, "--dry-run", ...out])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/--dry-run: redo of both and pruning of pruned .* in earnest/),
  });
});

test("beside the real run, a dry one is listed as what it is, and not what the bare name means", async () => {
  const dry = await plastica(["live", recipe, "--dry-run", ...out]);
  expect(dry.code).toBe(0);
  const listed = (await plastica(["ls", ...out])).stdout.trimEnd().split("\n");
  expect(listed.map((line) => /complete(, dry run)?(?= )/.exec(line)?.[0]).sort()).toEqual([
    "complete",
    "complete, dry run",
  ]);
  const [told] = JSON.parse((await plastica(["biography", "told", ...out, "--json"])).stdout).cycle;
  expect(told.outcome).not.toBe("would try");
  const again = await plastica(["resume", "told", ...out]);
  expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining("is complete already") });
});

test("what cannot be told is said", async () => {
  expect(await plastica(["biography", "told", "1000000", ...out])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("neuron 1000000: cycle of told-"),
  });
  expect(await plastica(["biography", "told", "3", "--learner", "other", ...out])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/--learner "other": told-.* has cycle/),
  });
  const plain = join(root, "plain.json");
  writeFileSync(plain, JSON.stringify({ ...tinyLife(2), learners: { plain: { rule: "sgd" } } }));
  expect(await plastica(["live", plain, "--dry-run", ...out])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("no policy of tiny can only say what it would do (it has none)"),
  });
});

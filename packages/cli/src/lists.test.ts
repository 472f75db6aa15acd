import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { programFor } from "./program/program.ts";
import { plastica } from "./testing/command.ts";

test("streams tells each kind with its options", async () => {
  const { code, stdout } = await plastica(["streams"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^slowly-changing-regression\n {2}Twenty bits, .*\n/m);
  expect(stdout).toMatch(/^ {4}examplesPerTask +an integer from 1; default 10000$/m);
  for (const line of stdout.split("\n")) expect(line.length).toBeLessThan(80);
  const [table] = JSON.parse((await plastica(["streams", "table", "--json"])).stdout);
  expect(table.options).toContainEqual({ name: "path", what: "a text that is not empty", required: true });
  expect(await plastica(["streams", "tabel"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('did you mean "table"?'),
  });
});

test("measures and schema are JSON for whoever asks", async () => {
  const measures = JSON.parse((await plastica(["measures", "--json"])).stdout);
  expect(measures).toContainEqual({ name: "end-loss", title: "Loss at the end", unit: "loss", better: "lower" });
  expect((await plastica(["measures"])).stdout).toMatch(/^forgetting +Forgetting +points +lower is better$/m);
  const [schema, again] = await Promise.all([plastica(["schema"]), plastica(["schema", "--json"])]);
  expect(JSON.parse(schema.stdout)).toEqual(JSON.parse(again.stdout));
  expect(JSON.parse(schema.stdout).$schema).toBe("http://json-schema.org/draft-07/schema#");
});

test("every command has --json, and help says how it is used and what it ends with", async () => {
  for (const command of programFor().command.commands) {
    expect([command.name(), command.options.map(({ long }) => long)]).toEqual([
      command.name(),
      expect.arrayContaining(["--json"]),
    ]);
  }
  const { code, stdout } = await plastica(["--help"]);
  expect(code).toBe(0);
  expect(stdout).toContain("130 it was interrupted");
  expect(stdout).not.toContain("__complete");
  for (const line of stdout.split("\n")) expect(line.length).toBeLessThan(82);
});

test("the scripts of all shells know every command, and bash completes with its own", async () => {
  const scripts = await Promise.all(
    ["bash", "zsh", "fish"].map(async (shell) => (await plastica(["completion", shell])).stdout),
  );
  const names = programFor()
    .command.commands.map((command) => command.name())
    .filter((name) => name !== "__complete");
  for (const script of scripts) for (const name of names) expect(script).toContain(name);
  for (const script of scripts) expect(script).toMatch(/plastica __complete (run|\$1) /);
  expect(await plastica(["completion", "tcsh"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("Allowed choices are bash, zsh, fish"),
  });
  if (!existsSync("/bin/bash")) return;
  const completed = (...typed: string[]) => {
    const words = typed.map((word) => `'${word}'`).join(" ");
    const asked = `${scripts[0]}\nplastica() { echo split-mnist-task; echo permuted; }\nCOMP_WORDS=(${words}); COMP_CWORD=${typed.length - 1}; _plastica; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync("/bin/bash", ["-c", asked], { encoding: "utf8", cwd: "/" }).trim().split("\n");
  };
  expect(completed("plastica", "re")).toEqual(["resume", "report"]);
  expect(completed("plastica", "run", "spl")).toEqual(["split-mnist-task"]);
  expect(completed("plastica", "run", "--se")).toEqual(["--seeds"]);
  expect(completed("plastica", "completion", "f")).toEqual(["fish"]);
  expect(completed("plastica", "live", "a.json", "--out", "/us")).toEqual(["/usr"]);
});

test("the words that an argument can be come from the registries and the folder of runs", async () => {
  expect((await plastica(["__complete", "run"])).stdout).toMatch(/^slowly-changing-regression$/m);
  expect((await plastica(["__complete", "live"])).stdout).toBe("first-life\n");
  expect((await plastica(["__complete", "show", "--out", "/nowhere"])).stdout).toBe("");
});

/**
 * The documentation is held to what is there: every program in it is well typed and runs (a block of TypeScript that imports
 * something is one), every recipe can be read, and every link within the repository leads somewhere.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { protocols, readRecipe } from "@plastica/lab";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));
const folder = join(root, ".setup/documentation");
const files = [root, join(root, "docs")].flatMap((place) =>
  readdirSync(place)
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(place, name)),
);

interface Program {
  readonly name: string;
  readonly path: string;
  readonly code: string;
}

const programs = files.flatMap((file): Program[] => {
  const name = file.slice(root.length);
  return blocksOf(file, "ts")
    .filter((code) => /^import /m.test(code))
    .map((code, i) => {
      const path = join(folder, `${name.replaceAll(/[^a-z]/gi, "-")}-${i + 1}.ts`);
      return { name: `${name}, program ${i + 1}`, path, code };
    });
});

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const { path, code } of programs) writeFileSync(path, code);

test("there are programs to hold it to", () => {
  expect(programs.length).toBeGreaterThan(3);
});

test("the programs are well typed", () => {
  const options = {
    extends: "../../tsconfig.json",
    compilerOptions: { typeRoots: ["../../node_modules/@types"], noUnusedLocals: false },
    include: ["*.ts"],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(options));
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const ran = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8", timeout: 60_000 });
  expect(ran.stdout).toBe("");
  expect(ran.status).toBe(0);
});

test.each(programs)("$name runs", ({ path }) => {
  const ran = spawnSync(process.execPath, [path], { encoding: "utf8", cwd: folder, timeout: 60_000 });
  expect(ran.stderr).toBe("");
  expect(ran.status).toBe(0);
});

for (const file of files) {
  const name = file.slice(root.length);
  const text = readFileSync(file, "utf8");

  test(`${name}: its links lead somewhere`, () => {
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target.replace(/#.*$/, ""));
    const lost = targets.filter((target) => !/^([a-z]+:|$)/.test(target) && !existsSync(join(dirname(file), target)));
    expect(lost).toEqual([]);
  });

  const recipes = blocksOf(file, "json").filter((block) => block.includes('"learners"'));
  if (recipes.length === 0) continue;
  test(`${name}: its recipes can be read`, () => {
    for (const recipe of recipes) readRecipe(JSON.parse(recipe));
  });
}

test("README.md counts the protocols that there are", () => {
  const published = Object.values(protocols).filter((protocol) => protocol.published.length > 0);
  const told = `${Object.keys(protocols).length} protocols, ${published.length} of them beside published numbers;`;
  expect(readFileSync(join(root, "README.md"), "utf8")).toContain(told);
});

/** The fenced blocks of a language in a Markdown file. */
function blocksOf(file: string, language: string): string[] {
  const found = readFileSync(file, "utf8").matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"));
  return [...found].map(([, code]) => code);
}

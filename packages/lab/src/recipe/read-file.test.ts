import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readRecipeFile } from "./read-file.ts";

const root = mkdtempSync(join(tmpdir(), "plastica-recipes-"));
afterAll(() => rmSync(root, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(root, name);
  writeFileSync(path, text);
  return path;
}

const recipe = { name: "a", network: { hidden: [4, 4] }, learners: { plain: { rule: "sgd" } } };

test.each([
  ["a.json", JSON.stringify(recipe)],
  ["bom.json", `\ufeff${JSON.stringify(recipe)}`],
  ["a.yaml", "# mine\nname: a\nnetwork: { hidden: [4, 4] }\nlearners:\n  plain:\n    rule: sgd\n"],
  ["A.YML", "{name: a, network: {hidden: [4, 4]}, learners: {plain: {rule: sgd}}}"],
  [
    "a.ts",
    `type Size = number;\nconst hidden: Size[] = [4, 4];\nexport const recipe = { name: "a", network: { hidden }, learners: { plain: { rule: "sgd" } } };`,
  ],
  ["a.mjs", `export default () => (${JSON.stringify(recipe)});`],
])("%s is read", async (name, text) => {
  expect(await readRecipeFile(file(name, text))).toEqual(recipe);
});

test.each([
  ["cut.json", '{\n  "name": "a",\n', ":3:1: not JSON: Expected double-quoted property name"],
  ["comma.json", '{\n  "name": "a"\n  "seed": 1\n}', ":3:3: not JSON: Expected ',' or '}' after property value"],
  [
    "word.json",
    '{ "a": [1, 2, NaN], "and much more": "so that the message would be cut" }',
    ":1:15: not JSON: Unexpected token 'N'",
  ],
  ["empty.json", "", ":1:1: not JSON: Unexpected end of JSON input"],
  ["tab.yaml", "name: a\nnetwork:\n  hidden: [4\nseed: 1\n", ":4:1: not YAML: "],
  ["twice.yaml", "name: a\nname: b\n", ":2:1: not YAML: Map keys must be unique"],
  ["alias.yaml", "a: *nothing\n", ": not YAML: "],
  ["none.ts", "export const reciep = {};", ': exports no recipe, must export one by default or as "recipe"'],
  ["throws.mjs", 'throw new Error("not today");', ": not today"],
  ["calls.mjs", 'export default () => { throw new Error("not now"); };', ": not now"],
  ["later.mjs", 'export default async () => { throw new Error("nor then"); };', ": nor then"],
  ["recipe.toml", "", ": has the ending .toml, must be one of .json, .yaml, .yml, .ts, .mts, .js, .mjs"],
])("%s is refused, with its place", async (name, text, message) => {
  const path = file(name, text);
  const error: Error = await readRecipeFile(path).then(
    () => new Error("it was read"),
    (error) => error,
  );
  expect(error.name).toBe("RecipeError");
  expect(error.message).toContain(`${path}${message}`);
});

test("a file that is not there is told as such", async () => {
  await expect(readRecipeFile("nowhere.yaml")).rejects.toThrow("nowhere.yaml: no such file");
});

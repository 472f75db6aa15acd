/**
 * A recipe's file, in the language that its ending names: JSON (`.json`), YAML (`.yaml`, `.yml`), or TypeScript and JavaScript
 * (`.ts`, `.mts`, `.js`, `.mjs`), which export the recipe by default or by the name `recipe`: a plain object, or a function
 * that returns one. What such a program says is checked like any other recipe, and what a run keeps is JSON.
 */
import { readFileSync } from "node:fs";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { RecipeError } from "plastica";
import { LineCounter, parseDocument } from "yaml";

/** The endings of a recipe's file. */
export const recipeEndings: readonly string[] = [".json", ".yaml", ".yml", ".ts", ".mts", ".js", ".mjs"];

/**
 * What the file holds, not yet checked: that is for `readRecipe`.
 *
 * @throws RecipeError when the file is not there, has another ending, or is not what its ending says; with line and column
 */
export async function readRecipeFile(path: string): Promise<unknown> {
  const ending = extname(path).toLowerCase();
  if (!recipeEndings.includes(ending)) {
    const seen = ending === "" ? "no ending" : `the ending ${ending}`;
    throw new RecipeError(`${path}: has ${seen}, must be one of ${recipeEndings.join(", ")}`);
  }
  const text = read(path);
  if (ending === ".json") return fromJson(path, text);
  return ending === ".yaml" || ending === ".yml" ? fromYaml(path, text) : fromProgram(path);
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8").replace(/^\ufeff/, "");
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw new RecipeError(`${path}: ${missing ? "no such file" : (cause as Error).message}`, { cause });
  }
}

function fromJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const before = text.slice(0, firstWrong(text)).split("\n");
    const what = (cause as Error).message.replace(/( in JSON)? at position.*$/s, "").replace(/, (\.\.\.)?".*$/s, "");
    throw new RecipeError(`${path}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}: not JSON: ${what}`, { cause });
  }
}

/** Where a text that is not JSON stops being the beginning of some: JavaScript's own message does not always say it. */
function firstWrong(text: string): number {
  let [good, end] = [0, text.length];
  while (good < end) {
    const middle = Math.ceil((good + end) / 2);
    if (beginsJson(text.slice(0, middle))) good = middle;
    else end = middle - 1;
  }
  return good;
}

function beginsJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const { message } = error as Error;
    const at = / at position (\d+)/.exec(message);
    return message.startsWith("Unexpected end") || (at !== null && Number(at[1]) >= text.length);
  }
}

function fromYaml(path: string, text: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [fault] = document.errors;
  if (fault === undefined) {
    try {
      return document.toJS();
    } catch (cause) {
      // such as an alias of nothing, or of itself
      throw new RecipeError(`${path}: not YAML: ${(cause as Error).message}`, { cause });
    }
  }
  const { line, col } = lines.linePos(fault.pos[0]);
  throw new RecipeError(`${path}:${line}:${col}: not YAML: ${fault.message}`, { cause: fault });
}

async function fromProgram(path: string): Promise<unknown> {
  let made: { default?: unknown; recipe?: unknown };
  try {
    made = await import(pathToFileURL(resolve(path)).href);
  } catch (cause) {
    throw new RecipeError(`${path}: ${(cause as Error).message}`, { cause });
  }
  const found = made.default ?? made.recipe;
  if (found === undefined)
    throw new RecipeError(`${path}: exports no recipe, must export one by default or as "recipe"`);
  if (typeof found !== "function") return found;
  try {
    return await (found as () => unknown)();
  } catch (cause) {
    throw new RecipeError(`${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/**
 * JSON from a file that may be hostile. `JSON.parse` keeps the last of two equal keys, turns `__proto__` into a trap for
 * whoever copies the object, and says little about what is wrong; here objects are Maps, a second equal key is an error,
 * and depth and number of values are bounded, so that no file can exhaust the stack or the memory.
 */
import { SnapshotError } from "../errors.ts";

/** A JSON value whose objects are Maps, in the order of the file. */
export type Json = null | boolean | number | string | Json[] | Map<string, Json>;

const DEPTH = 32;
const VALUES = 1_000_000; // a Map in its smallest JSON form takes 2 characters, and a hundred times that in memory
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SPACE = /[ \t\n\r]*/y;
const PLAIN = /[^"\\]*/y;

/**
 * The value that `text` says.
 *
 * @param what the text's name in errors, such as "header"
 * @throws SnapshotError if `text` is not JSON, has a key twice in one object, is nested deeper than 32 or has more than a
 * million values
 */
export function parseJson(text: string, what: string): Json {
  let at = 0;
  let values = 0;

  const value = parse(DEPTH);
  skip(SPACE);
  if (at < text.length) fail("the end");
  return value;

  function parse(depth: number): Json {
    if (depth === 0) throw new SnapshotError(`${what}: nested deeper than ${DEPTH} at character ${at}`);
    if (++values > VALUES) throw new SnapshotError(`${what}: more than ${VALUES} values`);
    skip(SPACE);
    switch (text[at]) {
      case "{":
        return object(depth);
      case "[":
        return array(depth);
      case '"':
        return string();
      case "t":
        return word("true", true);
      case "f":
        return word("false", false);
      case "n":
        return word("null", null);
      default:
        return number();
    }
  }

  function object(depth: number): Map<string, Json> {
    const entries = new Map<string, Json>();
    at++;
    skip(SPACE);
    if (take("}")) return entries;
    do {
      skip(SPACE);
      if (text[at] !== '"') fail("a key in quotes");
      const name = string();
      if (entries.has(name)) throw new SnapshotError(`${what}: key ${shown(name)} appears twice`);
      skip(SPACE);
      if (!take(":")) fail("a colon");
      entries.set(name, parse(depth - 1));
      skip(SPACE);
    } while (take(","));
    if (!take("}")) fail("a comma or a closing brace");
    return entries;
  }

  function array(depth: number): Json[] {
    const items: Json[] = [];
    at++;
    skip(SPACE);
    if (take("]")) return items;
    do {
      items.push(parse(depth - 1));
      skip(SPACE);
    } while (take(","));
    if (!take("]")) fail("a comma or a closing bracket");
    return items;
  }

  function string(): string {
    const start = at++;
    for (skip(PLAIN); text[at] === "\\"; skip(PLAIN)) at += 2;
    if (!take('"')) fail("a closing quote");
    try {
      return JSON.parse(text.slice(start, at)) as string; // which checks the escapes and control characters
    } catch {
      at = start;
      return fail("a string");
    }
  }

  function number(): number {
    const start = at;
    skip(NUMBER);
    return at > start ? Number(text.slice(start, at)) : fail("a value");
  }

  function word<T>(letters: string, means: T): T {
    if (!text.startsWith(letters, at)) fail("a value");
    at += letters.length;
    return means;
  }

  function take(character: string): boolean {
    const found = text[at] === character;
    if (found) at++;
    return found;
  }

  /** Moves behind what `pattern` matches here, if it does. Patterns are sticky and without backtracking. */
  function skip(pattern: RegExp): void {
    pattern.lastIndex = at;
    if (pattern.test(text)) at = pattern.lastIndex;
  }

  function fail(wanted: string): never {
    const found = at < text.length ? shown(text[at]) : "nothing";
    throw new SnapshotError(`${what}: not JSON, found ${found} at character ${at}, must be ${wanted}`);
  }
}

/** A value as it stands in an error: as JSON, and never long. */
export function shown(value: Json | undefined): string {
  if (value instanceof Map) return "an object";
  if (Array.isArray(value))
    return value.length > 8 ? `an array of ${value.length}` : `[${value.map(shown).join(", ")}]`;
  if (typeof value === "number") return String(value);
  if (value === undefined) return "missing";
  return typeof value === "string" && value.length > 60
    ? `${JSON.stringify(value.slice(0, 60))}…`
    : JSON.stringify(value);
}

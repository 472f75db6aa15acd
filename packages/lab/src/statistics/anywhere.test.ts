import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const sources = readdirSync(import.meta.dirname).filter((name) => /(?<!\.test)\.ts$/.test(name));

/** What a standard leaves to the host, in its last bits: all of Math but what is exact, and powers. */
const OF_THE_HOST = /Math\.(?!(?:abs|sqrt|floor|ceil|round|min|max|sign|imul|PI)\b)\w+|\*\*/g;

test.each([...sources, "../runs/examine.ts"])("the same numbers anywhere: %s asks the host for no function", (name) => {
  const text = readFileSync(new URL(name, import.meta.url), "utf8");
  const code = text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
  expect(code.length).toBeGreaterThan(200);
  expect(code.match(OF_THE_HOST) ?? []).toEqual([]);
});

/**
 * Runs the same small lives on every host and compares their fingerprints with those in hashes.json: Node 22, 24 and 26,
 * one thread and two, and Chromium, isolated and not. Ends with a line `N passed, N failed`.
 *
 *   npm run test:everywhere              (needs Chromium: apt-get install chromium, or CHROMIUM=path)
 *   npm run test:everywhere -- --write   writes hashes.json and recipe-hashes.json from this Node, when a change of bits is meant
 */
import { existsSync, writeFileSync } from "node:fs";
import hashes from "./hashes.json" with { type: "json" };
import { chromiumPath, inNode, nodeOfVersion, openChromium, type Told } from "./hosts.ts";
import { recipeFingerprints } from "./recipe.ts";

const NODES = ["22.23.3", "24.21.0", "26.10.0"];

if (process.argv.includes("--write")) {
  const write = (name: string, fingerprints: Readonly<Record<string, string>>): void => {
    writeFileSync(new URL(name, import.meta.url), `${JSON.stringify(fingerprints, null, 2)}\n`);
    console.log(`determinism: wrote ${name}`);
  };
  write("hashes.json", inNode(process.execPath, 1).fingerprints);
  write("recipe-hashes.json", await recipeFingerprints());
  process.exit(0);
}

let passed = 0;
let failed = 0;

/** Runs one host and compares all it tells. `helpers` is how many helper threads must have taken part. */
async function hold(host: string, helpers: number, run: () => Told | Promise<Told>): Promise<void> {
  const wrong: string[] = [];
  try {
    const told = await run();
    for (const name of new Set([...Object.keys(hashes), ...Object.keys(told.fingerprints)])) {
      const expected = (hashes as Record<string, string>)[name];
      const actual = told.fingerprints[name];
      if (actual !== expected) wrong.push(`${name} is ${actual}, expected ${expected}`);
    }
    if (told.helpers !== helpers) wrong.push(`${told.helpers} helper threads took part, expected ${helpers}`);
  } catch (error) {
    wrong.push(String(error));
  }
  if (wrong.length === 0) passed++;
  else failed++;
  console.log(`${wrong.length === 0 ? "  same bits" : "  DIFFERENT"}  ${host}`);
  for (const line of wrong) console.log(`             ${line}`);
}

for (const version of NODES) {
  for (const threads of [1, 2]) {
    await hold(`Node ${version}, ${threads} ${threads === 1 ? "thread" : "threads"}`, threads - 1, () =>
      inNode(nodeOfVersion(version), threads),
    );
  }
}

/** All that a browser adds: in the page and in a worker, with memory that may be shared and without. */
async function holdChromium(): Promise<void> {
  if (!existsSync(chromiumPath)) {
    throw new Error(`no ${chromiumPath}: apt-get install chromium, or say where it is in CHROMIUM`);
  }
  const browser = await openChromium();
  const name = `Chromium ${browser.version}`;
  for (const where of ["page", "worker"] as const) {
    await hold(`${name}, ${where}, isolated, 1 thread`, 0, () => browser.run({ isolated: true, where }, 1));
    await hold(`${name}, ${where}, isolated, 2 threads`, 1, () => browser.run({ isolated: true, where }, 2));
    await hold(`${name}, ${where}, not isolated, 2 threads asked for`, 0, () =>
      browser.run({ isolated: false, where }, 2),
    );
  }
  await browser.close();
}

await holdChromium().catch((error: unknown) => {
  console.log(`  FAILED     Chromium: ${String(error)}`);
  failed++;
});

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

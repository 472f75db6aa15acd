/** Every program in the documentation runs: each block of TypeScript that imports something is one. */
import { spawnSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));
const folder = `${root}.setup/documentation`;
const files = ["README.md", "CONTRIBUTING.md", ...globSync("docs/**/*.md", { cwd: root })];

for (const file of files.filter((name) => existsSync(root + name))) {
  const blocks = readFileSync(root + file, "utf8").matchAll(/^```ts\n(.*?)^```/gms);
  const programs = [...blocks].map(([, code]) => code).filter((code) => code.startsWith("import "));
  for (const [i, code] of programs.entries()) {
    test(`${file}, program ${i + 1}`, () => {
      mkdirSync(folder, { recursive: true });
      const path = `${folder}/${file.replaceAll(/[^a-z]/gi, "-")}-${i + 1}.ts`;
      writeFileSync(path, code);
      const ran = spawnSync(process.execPath, [path], { encoding: "utf8", cwd: folder, timeout: 60_000 });
      expect(ran.stderr).toBe("");
      expect(ran.status).toBe(0);
    });
  }
}

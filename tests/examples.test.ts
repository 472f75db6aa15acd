/** Every program in examples/ runs to its end, quietly on standard error. */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const folder = fileURLToPath(new URL("../examples/", import.meta.url));

for (const name of readdirSync(folder).filter((file) => file.endsWith(".ts"))) {
  test(name, () => {
    const ran = spawnSync(process.execPath, [folder + name], { encoding: "utf8", timeout: 60_000 });
    expect(ran.stderr).toBe("");
    expect(ran.status).toBe(0);
  });
}

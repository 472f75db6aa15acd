/** Opens a page in the person's browser: the one that BROWSER names, else what the system opens pages with. */
import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { note } from "./output.ts";

/** Does not wait for it; where it cannot be opened, says so. */
export function open(page: string): void {
  const path = resolve(page);
  const [command, ...args] = opener(path);
  const child = spawn(command, args, { stdio: "ignore", detached: true });
  child.on("error", () => note(`No browser could be started (${command}); open it yourself: ${path}`));
  child.unref();
}

function opener(path: string): [string, ...string[]] {
  const { BROWSER } = process.env;
  if (BROWSER) return [BROWSER, path];
  if (process.platform === "darwin") return ["open", path];
  return process.platform === "win32" ? ["cmd", "/c", "start", "", path] : ["xdg-open", path];
}

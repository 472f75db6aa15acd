#!/usr/bin/env node
/** The command `plastica`: reads what was typed, does it, and ends with the exit code. */
import { enableCompileCache } from "node:module";
import { dirname } from "node:path";

// Before the rest is loaded: from the second time on it then starts in half the time, and so does every thread.
const { directory } = enableCompileCache();
if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= dirname(directory);
const { failed } = await import("./failure.ts");
const { programFor } = await import("./program/program.ts");

// Whoever read what is written may have had enough, as `head` has.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit();
  throw error;
});

const args = process.argv.slice(2);
const json = args.includes("--json");
try {
  process.exitCode = await programFor(json).run(args);
} catch (error) {
  process.exitCode = failed(error, json);
}

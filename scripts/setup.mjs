// Makes a checkout ready to run, doing only what is missing or stale: the packages, the pinned Node, the kernels.
//
// `npm start`, `npm test` and the other commands call it first. It is plain JavaScript over Node's own modules, because on
// a new machine it is run by whatever Node is there (20 or newer) before anything is installed. With nothing to do it
// says nothing. It uses `npm install --no-save` rather than `npm ci`: both hold to the lock file's versions, but
// `npm ci` refuses to start where a registry lacks some other platform's binary.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { buildKernels, kernelsAreFresh } from "./build-kernels.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "node_modules");
const stamp = join(modules, ".plastica-setup");
const say = (line) => console.log(`setup: ${line}`);

/** The hash of all that decides what belongs in node_modules. */
function wanted() {
  const hash = createHash("sha256");
  const manifests = readdirSync(join(root, "packages")).map((name) => join(root, "packages", name, "package.json"));
  for (const file of [join(root, "package-lock.json"), join(root, "package.json"), ...manifests.sort()]) {
    if (!existsSync(file)) continue;
    if (!file.endsWith("package.json")) hash.update(readFileSync(file));
    else {
      const { dependencies, devDependencies, workspaces } = JSON.parse(readFileSync(file, "utf8"));
      hash.update(JSON.stringify([dependencies, devDependencies, workspaces]));
    }
  }
  return `${hash.digest("hex")} ${process.platform} ${process.arch}\n`;
}

/** Runs npm as it was started (inside an npm script), or the one on the path. Its output is shown only if it fails. */
function npm(args, cwd) {
  const path = process.env.npm_execpath;
  const options = { cwd, encoding: "utf8", env: { ...process.env, npm_config_loglevel: "error" } };
  const ran = path?.endsWith(".js")
    ? spawnSync(process.execPath, [path, ...args], options)
    : spawnSync("npm", args, { ...options, shell: process.platform === "win32" });
  if (ran.status === 0) return;
  throw new Error(`npm ${args.join(" ")} failed:\n${ran.stdout ?? ""}${ran.stderr ?? ""}${ran.error?.message ?? ""}`);
}

function install() {
  const want = wanted();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === want) return;
  say(
    existsSync(modules)
      ? "the packages have changed; installing them"
      : "installing the packages (once, about half a minute)",
  );
  // With NODE_ENV=production npm would leave out what the tests and the kernels need.
  npm(["install", "--include=dev", "--no-save", "--no-audit", "--no-fund"], root);
  finish("node", ["installArchSpecificPackage.js"]);
  finish("esbuild", ["install.js"]);
  writeFileSync(stamp, want);
}

/** Two packages fetch their binary in an install script. Where npm was told not to run those, they are run here. */
function finish(name, script) {
  const folder = join(modules, name);
  if (!existsSync(folder) || works(name)) return;
  const ran = spawnSync(process.execPath, script, { cwd: folder, encoding: "utf8" });
  if (!works(name))
    throw new Error(`The package ${name} has no working program after its install script:\n${ran.stdout}${ran.stderr}`);
}

function works(name) {
  const file = process.platform === "win32" && name === "node" ? "bin/node.exe" : `bin/${name}`;
  return spawnSync(join(modules, name, file), ["--version"]).status === 0;
}

try {
  install();
  if (!kernelsAreFresh()) {
    say("compiling the kernels");
    await buildKernels();
  }
} catch (error) {
  console.error(`setup: ${error.message}`);
  process.exit(1);
}

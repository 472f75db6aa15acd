/**
 * The hosts that a run must come out the same on: other versions of Node, fetched when first asked for, and Chromium.
 * Each takes a number of threads and answers with the program's fingerprints, by name.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";

/** Fingerprints of the program's lives, and how many helper threads took part. */
export interface Told {
  readonly fingerprints: Readonly<Record<string, string>>;
  readonly helpers: number;
}

const root = fileURLToPath(new URL("../../", import.meta.url));
const program = fileURLToPath(new URL("print.ts", import.meta.url));

/** Runs the program in the Node at this path. */
export function inNode(executable: string, threads: number): Told {
  const ran = spawnSync(executable, ["--disable-warning=ExperimentalWarning", program, String(threads)], {
    encoding: "utf8",
    timeout: 300_000,
  });
  if (ran.status !== 0) throw new Error(`${executable} ended with ${ran.status ?? ran.signal}:\n${ran.stderr}`);
  return JSON.parse(ran.stdout) as Told;
}

/** The path of a Node of exactly this version, installed under .setup when it is not there yet. */
export function nodeOfVersion(version: string): string {
  if (process.version === `v${version}`) return process.execPath;
  const { platform, arch } = process;
  const name = `${platform === "darwin" && arch === "arm64" ? "node-bin" : "node"}-${platform}-${arch}`;
  const folder = `${root}.setup/node-${version}`;
  const executable = `${folder}/node_modules/${name}/bin/node`;
  if (!existsSync(executable)) {
    mkdirSync(folder, { recursive: true });
    const options = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"];
    const ran = spawnSync("npm", ["install", "--prefix", folder, ...options, `${name}@${version}`], {
      encoding: "utf8",
    });
    if (ran.status !== 0) throw new Error(`npm could not install ${name}@${version}:\n${ran.stderr}`);
  }
  const is = spawnSync(executable, ["--version"], { encoding: "utf8" }).stdout?.trim();
  if (is !== `v${version}`) throw new Error(`${executable} says it is ${is}; expected v${version}`);
  return executable;
}

/** Where Debian, and most others, put it; CHROMIUM says otherwise. */
export const chromiumPath = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** How the page is loaded: whether it is cross-origin isolated (and so may share memory), and where the program runs in it. */
export interface PageKind {
  readonly isolated: boolean;
  readonly where: "page" | "worker";
}

/** A Chromium with the program's page in reach, on a server of its own. */
export interface Browser {
  readonly version: string;
  run(kind: PageKind, threads: number): Promise<Told>;
  close(): Promise<void>;
}

/** Bundles the program and serves it on the loopback interface, for headless Chromiums to come. */
export async function openChromium(): Promise<Browser> {
  const bundled = await build({
    entryPoints: [fileURLToPath(new URL("page.ts", import.meta.url))],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
  });
  const script = bundled.outputFiles[0].text;
  const html = `<!doctype html><meta charset="utf-8"><title>lives</title><script type="module" src="page.js"></script>`;
  const server = createServer((request, response) => {
    const path = (request.url ?? "").split("?")[0];
    const isolation = path.startsWith("/isolated/")
      ? { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" }
      : {};
    if (path.endsWith("/page.js"))
      response.writeHead(200, { "content-type": "text/javascript", ...isolation }).end(script);
    else if (path.endsWith("/")) response.writeHead(200, { "content-type": "text/html", ...isolation }).end(html);
    else response.writeHead(404).end();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address() as AddressInfo;
  const launch = () =>
    chromium.launch({
      executablePath: chromiumPath,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
  const first = await launch();
  const version = first.version();
  await first.close();
  return {
    version,
    async run({ isolated, where }, threads) {
      const browser = await launch(); // one for each: a page that hangs takes nothing with it
      try {
        const page = await browser.newPage();
        page.setDefaultTimeout(60_000);
        const errors: string[] = [];
        page.on("pageerror", (error) => errors.push(String(error)));
        const folder = isolated ? "isolated" : "open";
        await page.goto(`http://127.0.0.1:${address.port}/${folder}/?threads=${threads}&where=${where}`);
        await page.waitForFunction("globalThis.told !== undefined").catch((error) => {
          throw new Error([String(error), ...errors].join("\n"));
        });
        const told = await page.evaluate<Told & { error?: string; isolated: boolean }>("globalThis.told");
        if (told.error) throw new Error(told.error);
        if (told.isolated !== isolated) throw new Error(`the page's crossOriginIsolated is ${told.isolated}`);
        return told;
      } finally {
        await browser.close();
      }
    },
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

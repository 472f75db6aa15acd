/** A thread that claims jobs until there are none, and completes each: for tests of many at one queue. */
import { parentPort, workerData } from "node:worker_threads";
import { openQueue } from "./queue.ts";

const { path, holder } = workerData as { path: string; holder: string };
const queue = openQueue(path);
const claimed: string[] = [];
for (let claim = queue.claim(holder, 60_000); claim !== undefined; claim = queue.claim(holder, 60_000)) {
  const { job, token } = claim;
  if (token !== 1 || !queue.complete(job.key, token, { fingerprint: job.key, seconds: 1 })) break;
  claimed.push(job.key);
}
queue.close();
parentPort?.postMessage(claimed);

/** The program in Node: `node print.ts THREADS` prints its fingerprints as one JSON object. */
import { lives } from "./life.ts";

console.log(JSON.stringify(await lives(Number(process.argv[2] ?? 1))));
process.exit(0);

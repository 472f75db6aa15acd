/** `plastica report RUN`: writes the report again from what the run's folder holds, finished or not. */
import { findRun, writePicture, writeReport } from "@plastica/lab";
import { fromHere } from "../screen/result.ts";

export function report(meant: string, { out, picture }: { out: string; picture?: string }): number {
  const run = findRun(out, meant);
  process.stdout.write(`${fromHere(writeReport(run))}\n`);
  if (picture === undefined) return 0;
  writePicture(run, picture);
  process.stdout.write(`${fromHere(picture)}\n`);
  return 0;
}

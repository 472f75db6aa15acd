/** `plastica report RUN`: writes the report again from what the run's folder holds, finished or not. */
import { findRun, writeReport } from "@plastica/lab";
import { fromHere } from "../screen/result.ts";

export function report(meant: string, { out }: { out: string }): number {
  process.stdout.write(`${fromHere(writeReport(findRun(out, meant)))}\n`);
  return 0;
}

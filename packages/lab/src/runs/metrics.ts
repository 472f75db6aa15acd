/**
 * `metrics.parquet`: one row a window, made from the log when a life ends. Columns: window, task, examples, accuracy (where the target is
 * a class), loss, dormant (all hidden layers together), dormant_1, dormant_2, ... (each), births, deaths, parameters, operations,
 * bytes, test_1, test_2, ... (where there are test sets).
 */
import { parquetWriteBuffer } from "hyparquet-writer";
import { writeWhole } from "./files.ts";
import { metricsPath } from "./paths.ts";
import { meanDormant, type WindowRecord } from "./record.ts";

/** Writes the metrics of a learner whose life has ended. */
export function writeMetrics(folder: string, name: string, windows: readonly WindowRecord[]): void {
  const { dormant = [], tests = [], accuracy } = windows[0] ?? {};
  const column = (
    name: string,
    of: (record: WindowRecord) => number,
    type: "INT32" | "INT64" | "DOUBLE" = "INT32",
  ) => ({
    ...{ name, type, data: windows.map((record) => (type === "INT64" ? BigInt(of(record)) : of(record))) },
  });
  const buffer = parquetWriteBuffer({
    columnData: [
      column("window", (w) => w.window),
      column("task", (w) => w.task),
      column("examples", (w) => w.examples),
      ...(accuracy === undefined ? [] : [column("accuracy", (w) => w.accuracy ?? Number.NaN, "DOUBLE")]),
      column("loss", (w) => w.loss, "DOUBLE"),
      column("dormant", meanDormant, "DOUBLE"),
      ...dormant.map((_, l) => column(`dormant_${l + 1}`, (w) => w.dormant[l], "DOUBLE")),
      column("births", (w) => w.births),
      column("deaths", (w) => w.deaths),
      column("parameters", (w) => w.parameters, "INT64"),
      column("operations", (w) => w.operations, "DOUBLE"),
      column("bytes", (w) => w.bytes, "INT64"),
      ...tests.map((_, set) => column(`test_${set + 1}`, (w) => w.tests?.[set] ?? Number.NaN, "DOUBLE")),
    ],
  });
  writeWhole(metricsPath(folder, name), new Uint8Array(buffer));
}

/**
 * `metrics.parquet`: one row a task, made from the log when a life ends. Columns: task, examples, accuracy, loss, dormant (all hidden
 * layers together), dormant_1, dormant_2, ... (each), births, deaths.
 */
import { parquetWriteBuffer } from "hyparquet-writer";
import { writeWhole } from "./files.ts";
import { metricsPath } from "./paths.ts";
import { meanDormant, type TaskRecord } from "./record.ts";

/** Writes the metrics of a learner whose life has ended. */
export function writeMetrics(folder: string, name: string, tasks: readonly TaskRecord[]): void {
  const layers = tasks[0]?.dormant.length ?? 0;
  const buffer = parquetWriteBuffer({
    columnData: [
      { name: "task", type: "INT32", data: tasks.map((t) => t.task) },
      { name: "examples", type: "INT32", data: tasks.map((t) => t.examples) },
      { name: "accuracy", type: "DOUBLE", data: tasks.map((t) => t.accuracy) },
      { name: "loss", type: "DOUBLE", data: tasks.map((t) => t.loss) },
      { name: "dormant", type: "DOUBLE", data: tasks.map(meanDormant) },
      ...Array.from({ length: layers }, (_, l) => ({
        name: `dormant_${l + 1}`,
        type: "DOUBLE" as const,
        data: tasks.map((t) => t.dormant[l]),
      })),
      { name: "births", type: "INT32", data: tasks.map((t) => t.births) },
      { name: "deaths", type: "INT32", data: tasks.map((t) => t.deaths) },
    ],
  });
  writeWhole(metricsPath(folder, name), new Uint8Array(buffer));
}

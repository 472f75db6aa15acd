/**
 * A comparison as a Parquet file, one row a window, for whoever goes on in Python, R or DuckDB: `select method, window, avg(loss) from
 * 'windows.parquet' group by all`. Sorted by method, seed and window; what a window does not have is null.
 */
import { parquetWriteBuffer } from "hyparquet-writer";
import { ValueError } from "plastica";
import { meanDormant, type WindowRecord } from "../runs/record.ts";
import type { ComparedLife, Comparison } from "./comparison.ts";

interface Row {
  readonly method: string;
  readonly life: ComparedLife;
  readonly record: WindowRecord;
  /** Examples up to the end of the window. */
  readonly seen: number;
}

/**
 * Columns: method, seed, run, window, task, examples (of the window), seen (up to its end), accuracy, loss, dormant (all hidden layers
 * together), dormant_1, ..., births, deaths, parameters, operations, bytes, test_1, ... Equal comparisons give equal bytes.
 *
 * @throws ValueError where no life has a window
 */
export function comparisonParquet({ title, methods, command }: Comparison): Uint8Array {
  const rows = methods.flatMap(({ name, lives }) => lives.flatMap((life) => rowsOf(name, life)));
  if (rows.length === 0)
    throw new ValueError(`comparison "${title}": no life has a window yet, there is nothing to write`);
  const layers = Math.max(...rows.map(({ record }) => record.dormant.length));
  const sets = Math.max(...rows.map(({ record }) => record.tests?.length ?? 0));
  const words = (name: string, of: (row: Row) => string) => ({
    ...{ name, type: "STRING" as const, nullable: false, data: rows.map(of) },
  });
  const whole = (name: string, of: (row: Row) => number) => ({
    ...{ name, type: "INT64" as const, nullable: false, data: rows.map((row) => BigInt(of(row))) },
  });
  const real = (name: string, of: (row: Row) => number | undefined) => ({
    ...{ name, type: "DOUBLE" as const, data: rows.map((row) => of(row) ?? null) },
  });
  const buffer = parquetWriteBuffer({
    columnData: [
      words("method", ({ method }) => method),
      whole("seed", ({ life }) => life.seed),
      words("run", ({ life }) => life.run),
      whole("window", ({ record }) => record.window),
      whole("task", ({ record }) => record.task),
      whole("examples", ({ record }) => record.examples),
      whole("seen", ({ seen }) => seen),
      real("accuracy", ({ record }) => record.accuracy),
      real("loss", ({ record }) => record.loss),
      real("dormant", ({ record }) => (record.dormant.length === 0 ? undefined : meanDormant(record))),
      ...Array.from({ length: layers }, (_, l) => real(`dormant_${l + 1}`, ({ record }) => record.dormant[l])),
      whole("births", ({ record }) => record.births),
      whole("deaths", ({ record }) => record.deaths),
      whole("parameters", ({ record }) => record.parameters),
      real("operations", ({ record }) => record.operations),
      whole("bytes", ({ record }) => record.bytes),
      ...Array.from({ length: sets }, (_, s) => real(`test_${s + 1}`, ({ record }) => record.tests?.[s])),
    ],
    kvMetadata: [
      { key: "title", value: title },
      { key: "command", value: command },
    ],
  });
  return new Uint8Array(buffer);
}

function rowsOf(method: string, life: ComparedLife): Row[] {
  let seen = 0;
  return life.windows.map((record) => {
    seen += record.examples;
    return { method, life, record, seen };
  });
}

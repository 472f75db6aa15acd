/**
 * A table by its path: the format is told by the name's ending, `.csv` or `.tsv`, `.ndjson` or `.jsonl` (each of these also packed,
 * `.gz`), `.parquet`, `.npy` or `.npz`, and `.idx` or `-ubyte` (also packed), as MNIST's files are called.
 */
import { type CsvOptions, csvTable } from "./csv.ts";
import { DataError } from "./errors.ts";
import { type IdxOptions, idxTable } from "./idx.ts";
import { ndjsonTable } from "./ndjson.ts";
import { npyTable, npzTable } from "./numpy.ts";
import { parquetTable } from "./parquet.ts";
import type { Table, TableOptions } from "./table.ts";

/** Options of any format; one that the file's format has not is an error. */
export type OpenOptions = CsvOptions & IdxOptions;

type Open = (path: string, options: OpenOptions) => Table | Promise<Table>;

const FORMATS: Readonly<Record<string, Open>> = {
  ".csv": csv,
  ".tsv": (path, options) => csv(path, { ...options, delimiter: options.delimiter ?? "\t" }),
  ".ndjson": plain(ndjsonTable),
  ".jsonl": plain(ndjsonTable),
  ".parquet": plain(parquetTable),
  ".npy": plain(npyTable),
  ".npz": plain(npzTable),
  ".idx": idx,
  "-ubyte": idx,
};

/** Those that are text, or small as a rule: packed ones are unpacked in memory. */
const PACKED = [".csv", ".tsv", ".ndjson", ".jsonl", ".idx", "-ubyte"];

/**
 * The table in the file at `path`.
 *
 * @throws DataError: another ending, an option that the format has not, and what the format itself throws
 */
export async function openTable(path: string, options: OpenOptions = {}): Promise<Table> {
  const endings = [...Object.keys(FORMATS), ...PACKED.map((ending) => `${ending}.gz`)];
  const ending = endings.find((end) => path.toLowerCase().endsWith(end));
  if (ending === undefined) {
    throw new DataError(`${path}: unknown kind of file, its name must end in one of ${endings.join(", ")}`);
  }
  return await FORMATS[ending.replace(/\.gz$/, "")](path, options);
}

function csv(path: string, { labels, ...options }: OpenOptions): Table {
  mustBeAbsent(path, { labels });
  return csvTable(path, options);
}

function idx(path: string, { delimiter, header, skip, decimal, ...options }: OpenOptions): Table {
  mustBeAbsent(path, { delimiter, header, skip, decimal });
  return idxTable(path, options);
}

/** A format that has no options of its own. */
function plain(open: (path: string, options: TableOptions) => Table | Promise<Table>): Open {
  return (path, { delimiter, header, skip, decimal, labels, ...options }) => {
    mustBeAbsent(path, { delimiter, header, skip, decimal, labels });
    return open(path, options);
  };
}

function mustBeAbsent(path: string, options: Readonly<Record<string, unknown>>): void {
  const given = Object.keys(options).find((name) => options[name] !== undefined);
  if (given === undefined) return;
  throw new DataError(`${path}: ${given} is an option of ${given === "labels" ? "IDX" : "CSV"} files, this is none`);
}

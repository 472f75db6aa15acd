/**
 * A Parquet file as hyparquet reads it: its columns, where its row groups begin, and cells of some columns and rows. Packed with
 * Snappy, gzip, Brotli or (from Node 22.15 on) Zstandard.
 */
import zlib from "node:zlib";
import { type Compressors, type FileMetaData, parquetMetadataAsync, parquetRead, parquetSchema } from "hyparquet";
import { type Bytes, exactly } from "./bytes.ts";
import type { Value } from "./columns.ts";
import { DataError } from "./errors.ts";
import type { ColumnKind } from "./table.ts";

/** Cells of some rows, by column. */
export type Cells = ReadonlyMap<string, readonly Value[]>;

export interface ParquetFile {
  readonly source: string;
  readonly names: readonly string[];
  /** What the schema says of each column. */
  readonly kinds: Readonly<Record<string, ColumnKind>>;
  /** The first row of each row group, and last the number of rows in all. */
  readonly starts: readonly number[];
  /** The cells of those columns in the rows from `from` up to `to`. Throws DataError where the file is damaged. */
  cells(columns: readonly string[], from: number, to: number): Promise<Cells>;
}

const compressors: Compressors = {
  GZIP: (input) => zlib.gunzipSync(input),
  BROTLI: (input) => zlib.brotliDecompressSync(input),
  ...("zstdDecompressSync" in zlib ? { ZSTD: (input) => zlib.zstdDecompressSync(input) } : {}),
};

/** Reads the end of a Parquet file. Throws DataError naming it: no Parquet, or no rows. */
export async function parquetFile(bytes: Bytes): Promise<ParquetFile> {
  const { source, size } = bytes;
  const file = { byteLength: size, slice: (from: number, to = size) => sliceOf(bytes, from, to) };
  const metadata = await readable(source, () => parquetMetadataAsync(file));
  const schema = parquetSchema(metadata).children.map(({ element }) => element);
  const starts = startsOf(metadata);
  if (starts.length === 1) throw new DataError(`${source}: has no rows`);

  async function cells(columns: readonly string[], from: number, to: number): Promise<Cells> {
    const found = new Map(columns.map((name) => [name, new Array<Value>(to - from)]));
    if (columns.length === 0) return found;
    const wanted = { file, metadata, columns: [...columns], rowStart: from, rowEnd: to, compressors };
    await readable(source, () =>
      parquetRead({
        ...wanted,
        onChunk({ columnName, columnData, rowStart }) {
          const target = found.get(columnName) as Value[];
          const end = Math.min(columnData.length, to - rowStart); // a chunk may hold more than was asked for
          for (let i = Math.max(0, from - rowStart); i < end; i++) target[rowStart + i - from] = columnData[i] as Value;
        },
      }),
    );
    return found;
  }

  const names = schema.map(({ name }) => name);
  return { source, names, kinds: Object.fromEntries(schema.map((e) => [e.name, kindOf(e)])), starts, cells };
}

function startsOf({ row_groups }: FileMetaData): number[] {
  const starts = [0];
  for (const { num_rows } of row_groups) if (num_rows > 0n) starts.push(starts[starts.length - 1] + Number(num_rows));
  return starts;
}

function kindOf({ type, converted_type, logical_type }: FileMetaData["schema"][number]): ColumnKind {
  if (converted_type === "DECIMAL" || logical_type?.type === "DECIMAL") return "number";
  if (logical_type?.type === "FLOAT16") return "number";
  return type === "INT32" || type === "INT64" || type === "FLOAT" || type === "DOUBLE" ? "number" : "word";
}

function sliceOf(bytes: Bytes, from: number, to: number): ArrayBuffer {
  const slice = new ArrayBuffer(Math.max(0, to - from));
  exactly(bytes, from, slice.byteLength, Buffer.from(slice));
  return slice;
}

async function readable<T>(source: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new DataError(`${source}: no readable Parquet file (${(cause as Error).message})`, { cause });
  }
}

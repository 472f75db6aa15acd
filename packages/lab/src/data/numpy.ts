/**
 * Tables in NumPy's files. A `.npy` is one array: its first index counts rows, everything else columns, called "1", "2", "3" ... A
 * `.npz` has an array `x` and, if there is something to be said of its rows, `y` with one value a row; its columns are called "x1",
 * "x2" ... and "y". Rows are read where they lie, 128 at a time; only packed archives (`numpy.savez_compressed`) are unpacked in
 * memory.
 */

import { arrayTable, withTargets } from "./arrays.ts";
import type { Bytes } from "./bytes.ts";
import { some } from "./columns.ts";
import { DataError } from "./errors.ts";
import { npy } from "./npy.ts";
import type { Table, TableOptions } from "./table.ts";
import { members } from "./zip.ts";

/** The table in the `.npy` file at `path`. Throws DataError naming it, and row and column where a value cannot be used. */
export function npyTable(path: string | Bytes, options: TableOptions = {}): Table {
  return arrayTable(path, options, (bytes) => withTargets(bytes.source, npy(bytes)));
}

/** The table in the `.npz` file at `path`: its arrays `x` and `y`. Throws DataError as `npyTable`, and where they don't fit. */
export function npzTable(path: string | Bytes, options: TableOptions = {}): Table {
  return arrayTable(path, options, (bytes) => {
    const found = members(bytes);
    const [x, y] = ["x.npy", "y.npy"].map((name) => found.get(name));
    if (x === undefined) {
      const names = [...found.keys()].map((name) => name.replace(/\.npy$/, ""));
      throw new DataError(`${bytes.source}: no array "x", only ${some(names) || "none"}; save it with x=..., y=...`);
    }
    return withTargets(bytes.source, npy(x()), y === undefined ? undefined : npy(y()), "x");
  });
}

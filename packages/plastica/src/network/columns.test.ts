import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Arena } from "../compute/arena.ts";
import { Columns, type Initial, roundLanes } from "./columns.ts";

/** The plainest thing that behaves as columns should: nested arrays, `values[plane][row][lane]`. */
class Model {
  readonly columns = new Map<string, { initial: Initial; values: number[][][] }>();
  readonly planes: number;
  rows: number;
  lanes: number;

  constructor(planes: number, rows: number, lanes: number) {
    [this.planes, this.rows, this.lanes] = [planes, rows, lanes];
  }

  add(name: string, initial: Initial): void {
    const source = typeof initial === "string" ? this.columns.get(initial)!.values : undefined;
    const values = Array.from({ length: this.planes }, (_, p) =>
      Array.from({ length: this.rows }, (_, r) =>
        Array.from({ length: this.lanes }, (_, l) => source?.[p][r][l] ?? (name === "w" ? 0 : (initial as number))),
      ),
    );
    if (!this.columns.has(name)) this.columns.set(name, { initial, values });
  }

  /** Row of plane, in every column. */
  eachPlane(visit: (rows: number[][], initial: Initial, plane: number, name: string) => void): void {
    for (const [name, { initial, values }] of this.columns)
      values.forEach((rows, plane) => visit(rows, initial, plane, name));
  }

  begin(initial: Initial, name: string, plane: number, row: number, lane: number): number {
    if (name === "w") return 0;
    return typeof initial === "string" ? this.columns.get(initial)!.values[plane][row][lane] : initial;
  }

  birthOfLane(w: number[]): void {
    const lane = this.lanes++;
    this.eachPlane((rows, initial, plane, name) =>
      rows.forEach((row, r) =>
        row.push(name === "w" ? w[plane * this.rows + r] : this.begin(initial, name, plane, r, lane)),
      ),
    );
  }

  birthOfRow(): void {
    const slot = this.rows++;
    this.eachPlane((rows, initial, plane, name) => {
      rows.push(Array.from({ length: this.lanes }, () => 0));
      rows[slot] = rows[slot].map((_, lane) => this.begin(initial, name, plane, slot, lane));
    });
  }

  deathOfLane(slot: number): void {
    this.lanes--;
    this.eachPlane((rows) =>
      rows.forEach((row) => {
        const last = row.pop()!;
        if (slot < row.length) row[slot] = last;
      }),
    );
  }

  deathOfRow(slot: number): void {
    this.rows--;
    this.eachPlane((rows) => {
      const last = rows.pop()!;
      if (slot < rows.length) rows[slot] = last;
    });
  }

  packed(name: string): Float32Array {
    return Float32Array.from(this.columns.get(name)!.values.flat(2));
  }
}

function same(columns: Columns, model: Model): void {
  expect(columns.names).toEqual([...model.columns.keys()]);
  for (const name of columns.names) {
    const packed = columns.packed(name);
    expect(packed).toEqual(model.packed(name));
    // Everything else is zero.
    const count = (values: Float32Array) => values.reduce((n, value) => n + (value !== 0 ? 1 : 0), 0);
    expect(count(columns.view(name))).toBe(count(packed));
    expect(columns.view(name).length).toBe(columns.planes * columns.rowCapacity * columns.laneCapacity);
  }
}

const actions = ["add", "copy", "remove", "lane", "row", "kill lane", "kill row", "grow", "shrink", "unpack"] as const;

describe("Columns", () => {
  it("behave as nested arrays do, through births, deaths, growth, and columns that come and go", () => {
    const small = fc.integer({ min: 1, max: 6 });
    const steps = fc.array(fc.tuple(fc.constantFrom(...actions), fc.nat(1000)), { maxLength: 40 });
    const property = fc.property(fc.constantFrom(1, 2), small, small, steps, (planes, rows, lanes, script) => {
      const arena = new Arena(false);
      const columns = new Columns(arena, planes, rows, lanes);
      const model = new Model(planes, rows, lanes);
      const both = (act: (c: Columns | Model) => void) => {
        act(columns);
        act(model);
      };
      both((c) => c.add("w", 0));
      let value = 1;
      const unpack = (name: string) => {
        const values = Float32Array.from({ length: planes * columns.rows * columns.lanes }, () => value++);
        columns.unpack(name, values);
        let i = 0;
        for (const row of model.columns.get(name)!.values.flat()) row.forEach((_, l) => (row[l] = values[i++]));
      };
      unpack("w");
      for (const [action, n] of script) {
        const name = `c${n % 4}`;
        if (action === "add") both((c) => c.add(name, (n % 3) * 0.5));
        if (action === "copy") both((c) => c.add(`origin${n % 2}`, "w"));
        if (action === "remove" && model.columns.has(name)) {
          columns.remove(name);
          model.columns.delete(name);
        }
        if (action === "unpack") unpack(columns.names[n % columns.names.length]);
        if (action === "grow") columns.relayout(columns.rows + (n % 5), roundLanes(columns.lanes + (n % 9)));
        if (action === "shrink") columns.relayout(columns.rows, roundLanes(columns.lanes));
        if (action === "lane") {
          if (columns.lanes === columns.laneCapacity) columns.relayout(columns.rowCapacity, 2 * columns.laneCapacity);
          const lane = columns.lanes++;
          const born = Array.from({ length: planes * columns.rows }, () => value++);
          const w = columns.view("w");
          for (let i = 0; i < born.length; i++) {
            const row = Math.floor(i / columns.rows) * columns.rowCapacity + (i % columns.rows);
            w[row * columns.laneCapacity + lane] = born[i];
          }
          columns.initialiseLane(lane);
          model.birthOfLane(born);
        }
        if (action === "row") {
          if (columns.rows === columns.rowCapacity) columns.relayout(2 * columns.rowCapacity, columns.laneCapacity);
          columns.initialiseRow(columns.rows++);
          model.birthOfRow();
        }
        if (action === "kill lane" && columns.lanes > 1) {
          const slot = n % columns.lanes;
          columns.moveLane(columns.lanes - 1, slot);
          columns.lanes--;
          model.deathOfLane(slot);
        }
        if (action === "kill row" && columns.rows > 1) {
          const slot = n % columns.rows;
          columns.moveRow(columns.rows - 1, slot);
          columns.rows--;
          model.deathOfRow(slot);
        }
        same(columns, model);
      }
      columns.free();
      expect(arena.used).toBe(0);
    });
    fc.assert(property, { numRuns: 80, seed: 11 });
  });

  it("a column that is there already is left as it is", () => {
    const columns = new Columns(new Arena(false), 1, 1, 3);
    columns.add("age", 5);
    columns.unpack("age", Float32Array.of(1, 2, 3));
    columns.add("age", 9);
    expect([...columns.packed("age")]).toEqual([1, 2, 3]);
  });

  it("a place is one of the packed values, whatever the layout, and a newborn synapse there has initial values", () => {
    const columns = new Columns(new Arena(false), 2, 2, 3);
    columns.add("w", 0);
    columns.add("m", 1);
    columns.add("origin", "w");
    columns.relayout(5, 8);
    for (const name of ["w", "m"]) for (let place = 0; place < 12; place++) columns.setPlace(name, place, 10 + place);
    expect([...columns.packed("w")]).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21]);
    columns.initialiseSynapse(10);
    expect([...columns.packed("w")]).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21]);
    expect([...columns.packed("m")]).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 1, 21]);
    expect([...columns.packed("origin")]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 0]);
  });

  it("clearRow leaves zeros in every plane and column", () => {
    const columns = new Columns(new Arena(false), 2, 2, 3);
    columns.add("w", 0);
    columns.unpack(
      "w",
      Float32Array.from({ length: 12 }, (_, i) => i + 1),
    );
    columns.add("m", 1);
    columns.clearRow(0);
    expect([...columns.packed("w")]).toEqual([0, 0, 0, 4, 5, 6, 0, 0, 0, 10, 11, 12]);
    expect([...columns.packed("m")]).toEqual([0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1]);
  });

  it("knows what room a layout takes, and refuses one that is too small", () => {
    const arena = new Arena(false);
    const columns = new Columns(arena, 2, 5, 6);
    columns.add("w", 0);
    columns.add("m", 0);
    expect(columns.room(5, 8)).toBe(0);
    const room = columns.room(10, 16);
    const before = arena.used;
    columns.relayout(10, 16);
    expect(room).toBeGreaterThanOrEqual(arena.used);
    expect(arena.used).toBeGreaterThan(before);
    expect(() => columns.relayout(4, 16)).toThrow("5 by 6 do not fit into 4 by 16");
    expect(() => columns.relayout(5, 4)).toThrow("5 by 6 do not fit into 5 by 4");
    expect([columns.rowCapacity, columns.laneCapacity]).toEqual([10, 16]);
  });

  it("names the column that is not there", () => {
    const columns = new Columns(new Arena(false), 1, 1, 1);
    columns.add("bias", 0);
    expect(() => columns.pointer("gain")).toThrow("no column gain, there are bias");
  });
});

/**
 * A criterion says when a network should grow, and where and by how much if it can. It watches a life and changes nothing. To add one is one file and a line in index.ts.
 */
import type { Columns } from "../../../network/columns.ts";
import type { Population } from "../../../network/population.ts";
import type { Examples, Life, Moment } from "../../policy.ts";

export interface Criterion {
  readonly name: string;
  readonly options: Readonly<Record<string, number | string | boolean>>;
  /** Whether it judges by examples that were learned from lately. */
  readonly looks: boolean;
  watch(life: Life): Watch;
}

/** A criterion at work on a life. */
export interface Watch {
  /** After each update, with activities and signals still in the buffers. */
  sense?(moment: Moment): void;
  /** What it asks for at this step. May evaluate, examine, and try on a branch; leaves the life as it is. */
  judge(judged: Judged): Demand[];
  /** The network has grown: what was measured of it before does not count any more. */
  settle?(): void;
  /** What it remembers beside columns, as plain JSON data, and its way back: throws SnapshotError on what it cannot be. */
  save(): unknown;
  load(state: unknown): void;
  readonly columns?: Readonly<Record<string, Columns>>;
}

export interface Judged {
  /** Updates made so far. */
  readonly step: number;
  /** Given to a criterion that looks. */
  readonly examples: Examples | undefined;
}

/** Somebody should be born. */
export interface Demand {
  /** Where. Absent: somewhere. */
  readonly population?: Population;
  /** How many, from 1. Absent: as many as is usual. */
  readonly count?: number;
  /** How urgent it is, above 0; by these, layers are compared. */
  readonly score: number;
  /** In words, for people. */
  readonly why: string;
  /** What was measured, by name. */
  readonly evidence: Readonly<Record<string, number>>;
}

/**
 * When a task ends: after so many examples, when other outputs take part than before, or when somebody says so (`Learner.endTask`). What
 * comes then is of the next.
 */
import type { Taking } from "../../credit/loss.ts";
import { SnapshotError, ValueError } from "../../errors.ts";
import type { Examples } from "../policy.ts";

export interface TaskOptions {
  /** Examples of a task: a whole number, 0 (default) where that is not known. */
  readonly every?: number;
  /** Whether a task ends when other outputs take part. Default true. */
  readonly heads?: boolean;
}

/** The options with their defaults. `owner` is who asks. Throws ValueError. */
export function taskOptions(owner: string, { every = 0, heads = true }: TaskOptions): Required<TaskOptions> {
  if (!Number.isSafeInteger(every) || every < 0)
    throw new ValueError(`${owner}: every is ${every}: a whole number of examples, 0 where that is not known`);
  return { every, heads };
}

/** The outputs of a head as a word: "0,1", or "all". Undefined: the examples have heads of their own. */
export function headOf(outputs: Taking | undefined): string | undefined {
  if (outputs === undefined || outputs.length === 0) return "all";
  return typeof outputs[0] === "number" ? [...(outputs as number[])].sort((a, b) => a - b).join() : undefined;
}

/** And back: undefined for all. */
export function outputsOf(head: string): number[] | undefined {
  return head === "all" ? undefined : head.split(",").map(Number);
}

export class TaskEnds {
  readonly #options: Required<TaskOptions>;
  /** Of the task that is: examples so far, and its outputs, as soon as there is one. */
  examples = 0;
  head: string | undefined;

  constructor(options: Required<TaskOptions>) {
    this.#options = options;
  }

  /** Whether the task that was ends before these examples. */
  ended({ outputs }: Examples): boolean {
    const { every, heads } = this.#options;
    const head = headOf(outputs);
    const other = heads && this.head !== undefined && head !== undefined && head !== this.head;
    return other || (every > 0 && this.examples >= every);
  }

  /** A task begins. */
  begin(): void {
    this.examples = 0;
    this.head = undefined;
  }

  /** These examples are of the task. */
  count({ count, outputs }: Examples): void {
    this.examples += count;
    this.head = headOf(outputs) ?? this.head;
  }

  save(): unknown {
    return { examples: this.examples, head: this.head ?? null };
  }

  /** Throws SnapshotError. */
  load(state: unknown): void {
    const { examples, head } = (state ?? {}) as Record<string, unknown>;
    if (!Number.isSafeInteger(examples) || (examples as number) < 0 || (head !== null && !isHead(head)))
      throw new SnapshotError(`a task is ${JSON.stringify(state)} in the snapshot: it has examples and a head`);
    this.examples = examples as number;
    this.head = head ?? undefined;
  }
}

export function isHead(value: unknown): value is string {
  return typeof value === "string" && /^(all|\d+(,\d+)*)$/.test(value);
}

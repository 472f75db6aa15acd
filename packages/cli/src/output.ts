/** What commands write: words for people, or one JSON value and nothing else. */

/** Writes one JSON value as a line on standard output. */
export function say(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Writes lines on standard output. */
export function print(...lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(""));
}

/** Tells something beside the result, on standard error. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Columns that a line may take: the terminal's, and not so many that nobody reads to the end of it. */
export function columns(): number {
  return Math.min(process.stdout.columns ?? 80, 100);
}

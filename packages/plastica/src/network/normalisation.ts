/** What a population asks of whatever normalises its summed input before its model: layer-norm.ts, batch-norm.ts. */
export interface Normalisation {
  readonly kind: "layer" | "batch";
  /** The model's input, [row][slot]: a row for each position of each example. Pointer. */
  readonly drive: number;
  /** What the columns `gain` and `shift` learn from, row by row. Pointers. */
  readonly gainSignal: number;
  readonly shiftSignal: number;
  /** Bytes of the buffers that its population must give it for `batch` examples. */
  sizes(batch: number): number[];
  place(buffers: readonly number[]): void;
  /** Looks up where buffers and columns lie. */
  point(): void;
  /** From the population's `input` to `drive`. */
  forward(examples: number, learn: boolean): void;
  /** Turns the population's `signal`, dLoss / dDrive, into dLoss / dInput. */
  backward(examples: number): void;
  /** Keeps what the last pass to learn from has shown. */
  commit?(): void;
}

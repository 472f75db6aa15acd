/** A run that cannot be made, opened or continued: its folder is missing, damaged, in use, or of another recipe. */
export class RunError extends Error {
  override readonly name = "RunError";
}

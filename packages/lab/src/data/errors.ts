/** A file of data that is missing, torn or of another format. The message names the path and what would be right. */
export class DataError extends Error {
  override readonly name = "DataError";
}

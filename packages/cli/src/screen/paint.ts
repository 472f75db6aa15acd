/** Colours and widths in a terminal. */

export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  /** The colour of learner `i`: the report's, as near as a terminal has them. */
  readonly learner: (i: number, text: string) => string;
}

const ESCAPE = String.fromCharCode(27);
const COLOUR = new RegExp(`${ESCAPE}\\[[0-9;]*m`, "g");
const PIECE = new RegExp(`${ESCAPE}\\[[0-9;]*m|.`, "gu");

const LEARNERS = [33, 36, 35, 32, 34, 31];

/** Colours for that stream: none where it is no terminal, or where NO_COLOR is set (https://no-color.org). */
export function paintFor(stream: { isTTY?: boolean }): Paint {
  const colours = stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== "dumb";
  const wrap = (code: number | string) => (text: string) => (colours ? `${ESCAPE}[${code}m${text}${ESCAPE}[0m` : text);
  return { bold: wrap(1), dim: wrap(2), learner: (i, text) => wrap(`1;${LEARNERS[i % LEARNERS.length]}`)(text) };
}

/** How many columns a text takes, colours aside. */
export function widthOf(text: string): number {
  return Array.from(text.replace(COLOUR, "")).length;
}

/** The text cut to `columns`, colours kept whole. */
export function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let width = 0;
  let result = "";
  for (const [piece] of text.matchAll(PIECE)) {
    if (!piece.startsWith(ESCAPE)) {
      if (width === columns) continue;
      width++;
    }
    result += piece;
  }
  return result;
}

/** Text broken at spaces into lines of at most `columns`. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Numbers from the command line, held to what they may be before anything is timed. */

/** The whole number that option `name` gives, from `least` up. Throws an Error that says so for anything else. */
export function wholeOption(name: string, text: string, least = 1, most = Number.MAX_SAFE_INTEGER): number {
  const n = text.trim() === "" ? Number.NaN : Number(text);
  if (Number.isSafeInteger(n) && n >= least && n <= most) return n;
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
  throw new Error(`--${name} is ${JSON.stringify(text)}: a whole number ${range}`);
}

/** The arithmetic that option `--arithmetic` gives. Throws an Error that says so for anything else. */
export function arithmeticOption(text: string): "plain" | "fused" {
  if (text === "plain" || text === "fused") return text;
  throw new Error(`--arithmetic ${text}: plain or fused`);
}

/**
 * Decimal numbers in text, read from its bytes without making a string of them: the exact nearest float64, as `Number` would
 * say. Up to 15 digits and a power of ten up to 22 are exact in float64, so that one division or product rounds
 * them rightly (Clinger 1990, "How to read floating point numbers accurately"); anything else is left to `Number`.
 */

const POWERS = Array.from({ length: 23 }, (_, n) => Number(`1e${n}`));
const POINT = 46;
const [SPACE, TAB, PLUS, MINUS, ZERO, SMALL_E, CAPITAL_E] = [32, 9, 43, 45, 48, 101, 69];

/**
 * The number that the bytes from `from` up to `to` say, or NaN: `-12`, `0.5`, `.5`, `1e-3`, with spaces around or not.
 * Hexadecimal, `Infinity` and digits in groups are no numbers here.
 *
 * @param point the byte between units and tenths. Default: a full stop
 */
export function decimal(bytes: Uint8Array, from: number, to: number, point = POINT): number {
  let at = from;
  let end = to;
  while (at < end && (bytes[at] === SPACE || bytes[at] === TAB)) at++;
  while (end > at && (bytes[end - 1] === SPACE || bytes[end - 1] === TAB)) end--;
  const begin = at;
  const negative = bytes[at] === MINUS;
  if (at < end && (negative || bytes[at] === PLUS)) at++;
  let value = 0;
  let digits = 0; // that count: those after leading zeros
  let scale = 0;
  let some = false;
  let pointSeen = false;
  for (; at < end; at++) {
    const digit = bytes[at] - ZERO;
    if (digit >= 0 && digit <= 9) {
      some = true;
      if (digits > 0 || digit > 0) digits++;
      value = value * 10 + digit;
      if (pointSeen) scale--;
    } else if (bytes[at] === point && !pointSeen) pointSeen = true;
    else break;
  }
  if (!some) return Number.NaN;
  if (at < end) {
    if (bytes[at] !== SMALL_E && bytes[at] !== CAPITAL_E) return Number.NaN;
    const exponent = integer(bytes, at + 1, end);
    if (exponent === undefined) return Number.NaN;
    scale += exponent;
  }
  if (digits > 15 || scale > 22 || scale < -22) return Number(plainText(bytes, begin, end, point));
  const size = scale < 0 ? value / POWERS[-scale] : value * POWERS[scale];
  return negative ? -size : size;
}

/** The same for text. */
export function decimalOf(text: string, point = POINT): number {
  const bytes = Buffer.from(text);
  return decimal(bytes, 0, bytes.length, point);
}

function integer(bytes: Uint8Array, from: number, to: number): number | undefined {
  const signed = bytes[from] === MINUS || bytes[from] === PLUS;
  let value = 0;
  const first = signed ? from + 1 : from;
  for (let at = first; at < to; at++) {
    const digit = bytes[at] - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  if (first >= to) return undefined;
  return bytes[from] === MINUS ? -value : value;
}

function plainText(bytes: Uint8Array, from: number, to: number, point: number): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString("latin1");
  return point === POINT ? text : text.replace(String.fromCharCode(point), ".");
}

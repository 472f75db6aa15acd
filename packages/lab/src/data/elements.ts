/** Numbers in binary files, by NumPy's names of their types: a letter for the kind, a digit for the bytes. */

/** Reads one number; `little` is the byte order, least first. */
export type Element = (view: DataView, at: number, little: boolean) => number;

/** Each type's bytes, and how one is read. */
export const ELEMENTS: Readonly<Record<string, readonly [bytes: number, element: Element]>> = {
  b1: [1, (view, at) => view.getUint8(at)],
  u1: [1, (view, at) => view.getUint8(at)],
  i1: [1, (view, at) => view.getInt8(at)],
  u2: [2, (view, at, little) => view.getUint16(at, little)],
  i2: [2, (view, at, little) => view.getInt16(at, little)],
  u4: [4, (view, at, little) => view.getUint32(at, little)],
  i4: [4, (view, at, little) => view.getInt32(at, little)],
  u8: [8, (view, at, little) => Number(view.getBigUint64(at, little))],
  i8: [8, (view, at, little) => Number(view.getBigInt64(at, little))],
  f2: [2, (view, at, little) => half(view.getUint16(at, little))],
  f4: [4, (view, at, little) => view.getFloat32(at, little)],
  f8: [8, (view, at, little) => view.getFloat64(at, little)],
};

/** A float of two bytes: a sign, five bits of exponent, ten of fraction (IEEE 754-2019, binary16). */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return (sign * fraction) / 16777216; // 2^-24: without the leading one
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  const one = (1024 + fraction) / 1024;
  return exponent >= 15 ? sign * one * (1 << (exponent - 15)) : (sign * one) / (1 << (15 - exponent));
}

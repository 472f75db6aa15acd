/**
 * A digest of bytes: XXH64 with seed 0 (Yann Collet, xxHash specification 0.1.1), streamed. Not cryptographic: it tells
 * whether two states are the same bits, and whether a file is torn, at a speed that lets both be asked often.
 *
 * JavaScript has no 64-bit integers but BigInt, which is slow, so each is two int32 halves. The loop over stripes keeps
 * one accumulator's halves in registers and takes every fourth word of a block, then goes over the block again for the
 * next accumulator: the halves of all four together would not stay in registers.
 */

/** The algorithm's five primes, as [high, low]. */
const P1 = [0x9e3779b1, 0x85ebca87] as const;
const P2 = [0xc2b2ae3d, 0x27d4eb4f] as const;
const P3 = [0x165667b1, 0x9e3779f9] as const;
const P4 = [0x85ebca77, 0xc2b2ae63] as const;
const P5 = [0x27d4eb2f, 0x165667c5] as const;

const STRIPE = 32;
const BLOCK = 8192; // bytes gone over four times in a row: small enough for the first cache

/** A digest in the making. `new Digest().update(a).update(b).hex()` is that of `a` and `b` joined. */
export class Digest {
  // Four accumulators, each low then high: 0 + P1 + P2, P2, 0, -P1.
  readonly #accumulators = Int32Array.of(0xadc0b5d6, 0x60ea27ee, P2[1], P2[0], 0, 0, 0x7a143579, 0x61c8864e);
  readonly #held = new Uint8Array(STRIPE); // the bytes of a stripe that is not complete
  readonly #heldView = new DataView(this.#held.buffer);
  #length = 0;

  /** Takes in more bytes. They are read now; the caller may change them afterwards. */
  update(bytes: Uint8Array): this {
    const held = this.#length % STRIPE;
    this.#length += bytes.length;
    let from = 0;
    if (held > 0) {
      from = Math.min(STRIPE - held, bytes.length);
      this.#held.set(bytes.subarray(0, from), held);
      if (held + from < STRIPE) return this;
      stripes(this.#accumulators, this.#heldView, 0, STRIPE);
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const end = bytes.length - ((bytes.length - from) % STRIPE);
    for (; from < end; from += BLOCK) stripes(this.#accumulators, view, from, Math.min(from + BLOCK, end));
    this.#held.set(bytes.subarray(end));
    return this;
  }

  /** The digest of all bytes so far, as 16 hexadecimal digits. More may follow. */
  hex(): string {
    const sum = this.#length < STRIPE ? new Long(P5) : this.#converged();
    sum.add([Math.floor(this.#length / 4294967296), this.#length]);
    let at = 0;
    const end = this.#length % STRIPE;
    for (; at + 8 <= end; at += 8) {
      const word = new Long([this.#heldView.getInt32(at + 4, true), this.#heldView.getInt32(at, true)]);
      sum.xor(scrambled(word)).rotate(27).multiply(P1).add(P4);
    }
    if (at + 4 <= end) {
      sum
        .xor(new Long([0, this.#heldView.getInt32(at, true)]).multiply(P1))
        .rotate(23)
        .multiply(P2)
        .add(P3);
      at += 4;
    }
    for (; at < end; at++)
      sum
        .xor(new Long([0, this.#held[at]]).multiply(P5))
        .rotate(11)
        .multiply(P1);
    sum.xorShifted(33).multiply(P2).xorShifted(29).multiply(P3).xorShifted(32);
    return sum.hex();
  }

  #converged(): Long {
    const sum = new Long([0, 0]);
    const four = [0, 1, 2, 3].map((i) => [this.#accumulators[2 * i + 1], this.#accumulators[2 * i]] as const);
    four.forEach((accumulator, i) => {
      const turned = new Long(accumulator).rotate([1, 7, 12, 18][i]);
      sum.add([turned.high, turned.low]);
    });
    for (const accumulator of four)
      sum
        .xor(scrambled(new Long(accumulator)))
        .multiply(P1)
        .add(P4);
    return sum;
  }
}

/** One round of an accumulator that is zero: `rotate(word * P2, 31) * P1`. */
function scrambled(word: Long): Long {
  return word.multiply(P2).rotate(31).multiply(P1);
}

/** `accumulator = rotate(accumulator + word * P2, 31) * P1`, for each of the four, over whole stripes. */
function stripes(accumulators: Int32Array, view: DataView, from: number, to: number): void {
  for (let lane = 0; lane < 4; lane++) {
    let low = accumulators[2 * lane];
    let high = accumulators[2 * lane + 1];
    for (let at = from + 8 * lane; at < to; at += STRIPE) {
      const a = view.getInt32(at, true);
      const b = view.getInt32(at + 4, true);
      // (b, a) * P2: the low halves' product in full, by 16-bit parts, and the cross products' low words.
      let part = Math.imul(a & 0xffff, 0xeb4f);
      let middle = (Math.imul(a >>> 16, 0xeb4f) + (part >>> 16)) | 0;
      let cross = (Math.imul(a & 0xffff, 0x27d4) + (middle & 0xffff)) | 0;
      let productHigh = (Math.imul(a >>> 16, 0x27d4) + (middle >>> 16) + (cross >>> 16)) | 0;
      productHigh = (productHigh + Math.imul(a, 0xc2b2ae3d) + Math.imul(b, 0x27d4eb4f)) | 0;
      const sumLow = (low + ((part & 0xffff) | (cross << 16))) | 0;
      const carry = sumLow >>> 0 < low >>> 0 ? 1 : 0;
      const sumHigh = (high + productHigh + carry) | 0;
      const c = (sumLow << 31) | (sumHigh >>> 1); // rotated by 31
      const d = (sumHigh << 31) | (sumLow >>> 1);
      // (d, c) * P1
      part = Math.imul(c & 0xffff, 0xca87);
      middle = (Math.imul(c >>> 16, 0xca87) + (part >>> 16)) | 0;
      cross = (Math.imul(c & 0xffff, 0x85eb) + (middle & 0xffff)) | 0;
      low = (part & 0xffff) | (cross << 16);
      high = (Math.imul(c >>> 16, 0x85eb) + (middle >>> 16) + (cross >>> 16)) | 0;
      high = (high + Math.imul(c, 0x9e3779b1) + Math.imul(d, 0x85ebca87)) | 0;
    }
    accumulators[2 * lane] = low;
    accumulators[2 * lane + 1] = high;
  }
}

/** A 64-bit integer that changes in place, for the few steps at a digest's end. Constants are [high, low]. */
class Long {
  high: number;
  low: number;

  constructor(value: readonly [number, number]) {
    this.high = value[0] | 0;
    this.low = value[1] | 0;
  }

  add(value: readonly [number, number]): this {
    const low = (this.low >>> 0) + (value[1] >>> 0);
    this.high = (this.high + value[0] + (low > 0xffffffff ? 1 : 0)) | 0;
    this.low = low | 0;
    return this;
  }

  multiply([high, low]: readonly [number, number]): this {
    const part = Math.imul(this.low & 0xffff, low & 0xffff);
    const middle = (Math.imul(this.low >>> 16, low & 0xffff) + (part >>> 16)) | 0;
    const cross = (Math.imul(this.low & 0xffff, low >>> 16) + (middle & 0xffff)) | 0;
    const full = (Math.imul(this.low >>> 16, low >>> 16) + (middle >>> 16) + (cross >>> 16)) | 0;
    this.high = (full + Math.imul(this.low, high) + Math.imul(this.high, low)) | 0;
    this.low = (part & 0xffff) | (cross << 16);
    return this;
  }

  /** To the left, by 1 to 31 bits. */
  rotate(bits: number): this {
    const { high, low } = this;
    this.high = (high << bits) | (low >>> (32 - bits));
    this.low = (low << bits) | (high >>> (32 - bits));
    return this;
  }

  xor(other: Long): this {
    this.high ^= other.high;
    this.low ^= other.low;
    return this;
  }

  /** `this ^= this >>> bits`, for 1 to 63 bits. */
  xorShifted(bits: number): this {
    const { high, low } = this;
    if (bits < 32) {
      this.low ^= (low >>> bits) | (high << (32 - bits));
      this.high ^= high >>> bits;
    } else {
      this.low ^= high >>> (bits - 32);
    }
    return this;
  }

  hex(): string {
    return [this.high, this.low].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
  }
}

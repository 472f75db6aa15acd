/**
 * One growable WebAssembly memory, handed out in blocks of 64-byte lines. Blocks never move; freed ones are joined with
 * their neighbours and used again, so a network that is born and dies for ever stays as large as it was at its largest.
 */
import { ValueError } from "../errors.ts";
import { sharedMemory } from "./host.ts";

const PAGE = 65536;
const LINE = 64;
/** Pages at most: 4 GiB, all that 32-bit addresses reach. */
export const MAXIMUM_PAGES = 65536;

export class Arena {
  readonly memory: WebAssembly.Memory;
  readonly shared: boolean;
  /** Views of the whole memory. They are replaced when it grows, so nobody keeps them across an allocation. */
  f32!: Float32Array;
  i32!: Int32Array;
  u32!: Uint32Array;
  u8!: Uint8Array;
  /** Free blocks by address; sizes of blocks in use. */
  #free: { at: number; bytes: number }[] = [];
  #sizes = new Map<number, number>();

  constructor(share: boolean) {
    const shared = share ? sharedMemory(1, MAXIMUM_PAGES) : undefined;
    this.shared = shared !== undefined;
    this.memory = shared ?? new WebAssembly.Memory({ initial: 1, maximum: MAXIMUM_PAGES });
    // The first kilobyte stays unused, so that a pointer of 0 can mean "none".
    this.#free.push({ at: 1024, bytes: PAGE - 1024 });
    this.#look();
  }

  /** Bytes handed out and not given back. */
  get used(): number {
    let sum = 0;
    for (const bytes of this.#sizes.values()) sum += bytes;
    return sum;
  }

  /** Zeroed room for `bytes` bytes at a multiple of 64. Throws ValueError when 4 GiB are not enough. */
  allocate(bytes: number): number {
    const need = Math.max(LINE, Math.ceil(bytes / LINE) * LINE);
    let slot = this.#free.findIndex((block) => block.bytes >= need);
    if (slot < 0) slot = this.#grow(need);
    const block = this.#free[slot];
    const at = block.at;
    block.at += need;
    block.bytes -= need;
    if (block.bytes === 0) this.#free.splice(slot, 1);
    this.#sizes.set(at, need);
    this.u8.fill(0, at, at + need);
    return at;
  }

  /** Zeroed room in the place of a block (0: of none), which is given back only when there is that room. */
  renew(at: number, bytes: number): number {
    const pointer = this.allocate(bytes);
    if (at > 0) this.free(at);
    return pointer;
  }

  /** `allocate` for each of the sizes: all of them, or none where 4 GiB are not enough. */
  allocateAll(sizes: readonly number[]): number[] {
    const pointers: number[] = [];
    try {
      for (const bytes of sizes) pointers.push(this.allocate(bytes));
    } catch (error) {
      for (const pointer of pointers) this.free(pointer);
      throw error;
    }
    return pointers;
  }

  /** Zeroes a block. */
  clear(at: number): void {
    this.u8.fill(0, at, at + (this.#sizes.get(at) ?? 0));
  }

  free(at: number): void {
    const bytes = this.#sizes.get(at);
    if (bytes === undefined) throw new Error(`internal: nothing was allocated at ${at}`);
    this.#sizes.delete(at);
    let i = this.#free.findIndex((block) => block.at > at);
    if (i < 0) i = this.#free.length;
    this.#free.splice(i, 0, { at, bytes });
    this.#join(i);
    this.#join(i - 1);
  }

  /** Joins free block i with the next one if they touch. */
  #join(i: number): void {
    const [a, b] = [this.#free[i], this.#free[i + 1]];
    if (!a || !b || a.at + a.bytes !== b.at) return;
    a.bytes += b.bytes;
    this.#free.splice(i + 1, 1);
  }

  #grow(need: number): number {
    const end = this.memory.buffer.byteLength;
    const last = this.#free.at(-1);
    const missing = need - (last && last.at + last.bytes === end ? last.bytes : 0);
    // A little more than asked for, so that many small blocks do not each grow the memory.
    const pages = Math.ceil(Math.max(missing, end / 16) / PAGE);
    const room = MAXIMUM_PAGES - end / PAGE;
    if (missing > room * PAGE - LINE)
      throw new ValueError(
        `${need} more bytes do not fit: a network's memory ends at 4 GiB, ${this.used} bytes are in use`,
      );
    this.memory.grow(Math.min(pages, room));
    this.#look();
    // The very last line is never handed out, so that a block's end can be told from address 0.
    const top = this.memory.buffer.byteLength;
    const grown = { at: end, bytes: top - end - (top === MAXIMUM_PAGES * PAGE ? LINE : 0) };
    this.#free.push(grown);
    this.#join(this.#free.length - 2);
    return this.#free.length - 1;
  }

  #look(): void {
    const { buffer } = this.memory;
    this.f32 = new Float32Array(buffer);
    this.i32 = new Int32Array(buffer);
    this.u32 = new Uint32Array(buffer);
    this.u8 = new Uint8Array(buffer);
  }
}

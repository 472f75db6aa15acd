/** Room in a network's memory that grows when more is asked for. What lay in it is then gone: it is zeroed. */
import type { Arena } from "./arena.ts";

export class Room {
  readonly #arena: Arena;
  #at = 0;
  #bytes = 0;

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /** Where it is; 0 before any was asked for. */
  get at(): number {
    return this.#at;
  }

  /** Where it is, of at least so many bytes. */
  of(bytes: number): number {
    if (bytes > this.#bytes) {
      this.#at = this.#arena.renew(this.#at, bytes);
      this.#bytes = bytes;
    }
    return this.#at;
  }

  free(): void {
    if (this.#at > 0) this.#arena.free(this.#at);
    [this.#at, this.#bytes] = [0, 0];
  }
}

/** So many of them, empty. */
export function rooms(arena: Arena, n: number): Room[] {
  return Array.from({ length: n }, () => new Room(arena));
}

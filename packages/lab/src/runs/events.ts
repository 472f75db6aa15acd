/**
 * What happened in a life, one JSON object a line. Each line carries its number and a checksum over the rest of it, so that
 * a line torn by a power cut is seen and dropped: `{"seq":4,"type":"task",...,"crc":"5d1c6f0a"}`. The checksum is CRC-32 of
 * the line as it would be without the crc, in UTF-8.
 *
 * The log holds no times and nothing else of the machine: the same recipe gives the same bytes, resumed or not.
 */
import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { crc32 } from "node:zlib";
import { syncFolder } from "./files.ts";

/** Any event; what the types mean is said where they are written (life.ts). */
export interface LoggedEvent {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** What could be read of a log: the whole lines from its start, how many bytes they have, and whether more came after. */
export interface EventText {
  readonly events: LoggedEvent[];
  readonly bytes: number;
  readonly torn: boolean;
}

/** The line, newline included, of the event with that number. */
export function frame(seq: number, event: LoggedEvent): string {
  const body = JSON.stringify({ seq, ...event });
  return `${body.slice(0, -1)},"crc":"${checksum(body)}"}\n`;
}

/** The checksum of a text: CRC-32 of its UTF-8 bytes, eight hex digits. */
export function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, "0");
}

/** The events of the whole lines at the start of `bytes`. It stops at the first line that is torn, altered or out of turn. */
export function parseEvents(bytes: Uint8Array): EventText {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const events: LoggedEvent[] = [];
  let at = 0;
  while (at < text.length) {
    const end = text.indexOf(10, at);
    const event = end < 0 ? undefined : parseLine(text.toString("utf8", at, end), events.length);
    if (event === undefined) return { events, bytes: at, torn: true };
    events.push(event);
    at = end + 1;
  }
  return { events, bytes: at, torn: false };
}

function parseLine(line: string, seq: number): LoggedEvent | undefined {
  const match = /^(\{.*),"crc":"([0-9a-f]{8})"\}$/.exec(line);
  if (match === null) return undefined;
  const body = `${match[1]}}`;
  if (checksum(body) !== match[2]) return undefined;
  const { seq: found, ...event } = JSON.parse(body) as LoggedEvent & { seq: number };
  return found === seq ? event : undefined;
}

/** The events of the log at `path`; none when there is no such file. */
export function readEvents(path: string): EventText {
  return existsSync(path) ? parseEvents(readFileSync(path)) : { events: [], bytes: 0, torn: false };
}

/** A log that is open for writing. Lines are gathered and written by `flush`; after `sync` they survive a power cut. */
export class EventLog {
  /** Bytes of all lines so far, written or not: where a snapshot's share of the log ends. */
  bytes: number;
  /** The number that the next event gets. */
  seq: number;
  readonly #file: number;
  #waiting: string[] = [];

  /**
   * Opens the log at `path` and keeps its first `bytes` bytes, which hold `seq` events; the rest is cut off. Whoever opens it
   * has seen by `readEvents` that it has as many.
   */
  constructor(path: string, bytes: number, seq: number) {
    const isNew = !existsSync(path);
    this.#file = openSync(path, isNew ? "w+" : "r+");
    if (isNew) syncFolder(dirname(path));
    ftruncateSync(this.#file, bytes);
    this.bytes = bytes;
    this.seq = seq;
    this.#written = bytes;
  }

  #written: number;

  append(event: LoggedEvent): void {
    const line = frame(this.seq++, event);
    this.bytes += Buffer.byteLength(line);
    this.#waiting.push(line);
    if (this.#waiting.length >= 1000) this.flush();
  }

  flush(): void {
    if (this.#waiting.length === 0) return;
    const bytes = Buffer.from(this.#waiting.join(""));
    for (let at = 0; at < bytes.length; ) {
      const wrote = writeSync(this.#file, bytes, at, bytes.length - at, this.#written);
      at += wrote;
      this.#written += wrote;
    }
    this.#waiting = [];
  }

  sync(): void {
    this.flush();
    fsyncSync(this.#file);
  }

  close(): void {
    try {
      this.flush();
    } finally {
      closeSync(this.#file);
    }
  }
}

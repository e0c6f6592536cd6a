import { closeSync, mkdirSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';

export type Level = 'debug' | 'info' | 'warn';
export type Log = (level: Level, source: string, text: string) => void;

export const silent: Log = () => undefined;

const RANK: Record<Level, number> = { debug: 0, info: 1, warn: 2 };
const ROTATE_BYTES = 20 * 1024 * 1024;
const FOLLOW_MS = 200;
const CHUNK_BYTES = 64 * 1024;
const NAME_WIDTH = 8;

/** `info` and `warn` of the supervisor; of the parts their warnings, or everything at `debug`. */
export function logTo(write: (text: string) => void, threshold: Level): Log {
  return (level, source, text) => {
    if (RANK[level] >= RANK[threshold]) write(`${source.padEnd(NAME_WIDTH)} | ${text}\n`);
  };
}

/** Warnings and worse, in the words of the parts: text logs, pino's JSON (40 and up), Valkey's `#`. */
export function levelOf(line: string): Level {
  const noteworthy = /\b(warn|warning|error|fatal|panic)\b|"level":[4-6]0|^\d+:\w \d.* # /i;
  return noteworthy.test(line) ? 'warn' : 'debug';
}

/**
 * A part writes straight into its log file, so that it outlives the supervisor without a broken pipe;
 * the supervisor reads along.
 */
export class PartLog {
  private offset: number;
  private rest = '';
  private readonly decoder = new StringDecoder('utf8');
  private readonly timer: NodeJS.Timeout;

  constructor(
    readonly file: string,
    private readonly onLine: (line: string) => void,
  ) {
    mkdirSync(path.dirname(file), { recursive: true });
    this.offset = sizeOf(file);
    this.timer = setInterval(() => this.catchUp(), FOLLOW_MS);
    this.timer.unref();
  }

  /** Opens the file for a new process's output while `use` runs. */
  open<T>(use: (fd: number) => T): T {
    if (sizeOf(this.file) > ROTATE_BYTES) this.rotate();
    const fd = openSync(this.file, 'a');
    try {
      return use(fd);
    } finally {
      closeSync(fd);
    }
  }

  get size(): number {
    return sizeOf(this.file);
  }

  /** The line that says best why a process ended: the last noteworthy one, else the last. */
  lastWords(since: number): string | undefined {
    const text = readFrom(this.file, Math.max(since, this.size - CHUNK_BYTES)).toString();
    const lines = text.split('\n').map(plain).filter(Boolean);
    return lines.findLast((line) => levelOf(line) === 'warn') ?? lines.at(-1);
  }

  close(): void {
    clearInterval(this.timer);
    this.catchUp();
  }

  private catchUp(): void {
    for (let bytes = this.read(); bytes.length > 0; bytes = this.read()) {
      const lines = (this.rest + this.decoder.write(bytes)).split('\n');
      this.rest = lines.pop() ?? '';
      lines.map(plain).filter(Boolean).forEach(this.onLine);
    }
  }

  private read(): Buffer {
    const bytes = readFrom(this.file, this.offset);
    this.offset += bytes.length;
    return bytes;
  }

  private rotate(): void {
    this.catchUp();
    renameSync(this.file, `${this.file}.1`);
    this.offset = 0;
  }
}

function plain(line: string): string {
  return stripVTControlCharacters(line).trimEnd();
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** At most one chunk. */
function readFrom(file: string, offset: number): Buffer {
  if (sizeOf(file) <= offset) return Buffer.alloc(0);
  const fd = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(CHUNK_BYTES);
    return bytes.subarray(0, readSync(fd, bytes, 0, CHUNK_BYTES, offset));
  } finally {
    closeSync(fd);
  }
}

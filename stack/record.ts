import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const identity = { pid: z.int().positive(), started: z.string().min(1) };

/** `<data>/run/<part>.json`: what a later supervisor must know of a process that it did not start. */
const runRecordSchema = z.object({
  ...identity,
  ports: z.object({ main: z.int(), ui: z.int().optional() }),
  /** Command and arguments: a process that was started differently is not adopted. */
  command: z.array(z.string()),
});

/** `<data>/run/stack.json`: who supervises this data folder. */
const holderSchema = z.object({ ...identity, urls: z.record(z.string(), z.string()) });

export type RunRecord = z.output<typeof runRecordSchema>;
export type Holder = z.output<typeof holderSchema>;

/** Nothing for a text that is no record: it was cut short, or is another version's. */
export const parseRunRecord = (text: string): RunRecord | undefined => parse(runRecordSchema, text);
export const readRunRecord = (file: string): RunRecord | undefined => read(runRecordSchema, file);
export const readHolder = (file: string): Holder | undefined => read(holderSchema, file);

/** Synchronous, so that hardly anything can come between a start and its record; and all or nothing. */
export function writeRecord(file: string, record: RunRecord | Holder): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(record));
  renameSync(draft, file);
}

export function removeRecord(file: string): void {
  rmSync(file, { force: true });
}

function read<T>(schema: z.ZodType<T>, file: string): T | undefined {
  try {
    return parse(schema, readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function parse<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  parseRunRecord,
  readHolder,
  readRunRecord,
  removeRecord,
  type RunRecord,
  writeRecord,
} from './record';

const record: RunRecord = {
  pid: 4242,
  started: '987654',
  ports: { main: 7233, ui: 8233 },
  command: ['temporal', 'server', 'start-dev'],
};

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'record-'))));
afterEach(() => rmSync(folder, { recursive: true }));

test('a record is read back as it was written, and leaves no draft', () => {
  const file = path.join(folder, 'run', 'temporal.json');
  writeRecord(file, record);
  expect(readRunRecord(file)).toEqual(record);
  expect(readdirSync(path.dirname(file))).toEqual(['temporal.json']);
});

test('a removed record, or one that never was, is nothing', () => {
  const file = path.join(folder, 'temporal.json');
  writeRecord(file, record);
  removeRecord(file);
  removeRecord(file);
  expect(readRunRecord(file)).toBeUndefined();
});

test.each([
  ['cut short', JSON.stringify(record).slice(0, 20)],
  ['empty', ''],
  ['of another shape', '{"pid":4242}'],
  ['of no process', JSON.stringify({ ...record, pid: 0 })],
  ['of the whole process group of init', JSON.stringify({ ...record, pid: -1 })],
])('a record that is %s is nothing', (_, text) => {
  expect(parseRunRecord(text)).toBeUndefined();
});

test('a holder is no run record', () => {
  const file = path.join(folder, 'stack.json');
  writeFileSync(file, JSON.stringify({ pid: 1, started: '1', urls: { api: 'http://127.0.0.1:8000' } }));
  expect(readHolder(file)?.urls.api).toBe('http://127.0.0.1:8000');
  expect(readRunRecord(file)).toBeUndefined();
});

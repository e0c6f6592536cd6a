import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { AlreadyRunning, lock } from './lock';
import { readHolder, writeRecord } from './record';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'lock-'));
  mkdirSync(path.join(folder, 'run'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = () => path.join(folder, 'run', 'stack.json');

test('the second is told in one line who was first', () => {
  const first = lock(folder);
  expect(() => lock(folder)).toThrow(AlreadyRunning);
  expect(() => lock(folder)).toThrow(`process ${process.pid} (still starting)`);
  first.announce({ api: 'http://127.0.0.1:8000' });
  expect(() => lock(folder)).toThrow(/^A stack already runs on .*\(api http:\/\/127\.0\.0\.1:8000\)$/);
});

test('a released folder is free', () => {
  lock(folder).release();
  expect(readdirSync(path.join(folder, 'run'))).toEqual([]);
  lock(folder).release();
});

test('the claim of a process that has ended is void', () => {
  writeRecord(file(), { pid: process.pid, started: 'long ago', urls: {} });
  lock(folder);
  expect(readHolder(file())?.started).not.toBe('long ago');
  expect(readdirSync(path.join(folder, 'run'))).toEqual(['stack.json']);
});

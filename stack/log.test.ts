import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { levelOf, logTo, PartLog } from './log';

describe('what deserves to be shown', () => {
  test.each([
    'time=2026-01-01T00:00:00 level=WARN msg="Failed to poll for task."',
    '2026-01-01 00:00:00 UTC [42] FATAL:  lock file "postmaster.pid" already exists',
    '613:M 22 Nov 2026 18:11:31.043 # Failed listening on port 6380',
    '{"level":40,"msg":"a provider is away"}',
    '{"level":50,"msg":"it broke"}',
    'Error: listen EADDRINUSE',
  ])('%s', (line) => expect(levelOf(line)).toBe('warn'));

  test.each([
    '613:M 22 Nov 2026 18:11:31.043 * Ready to accept connections tcp',
    '2026-01-01 00:00:00 UTC [42] LOG:  database system is ready to accept connections',
    '{"level":30,"msg":"listening"}',
    'Saving data to: /data/chroma',
  ])('not: %s', (line) => expect(levelOf(line)).toBe('debug'));
});

test('lines carry the name of who said them, and stay below the threshold', () => {
  const written: string[] = [];
  const log = logTo((text) => written.push(text), 'info');
  log('debug', 'redis', 'chatter');
  log('info', 'redis', 'ready');
  log('warn', 'temporal', 'away');
  expect(written).toEqual(['redis    | ready\n', 'temporal | away\n']);
});

describe('the log file of a part', () => {
  let folder: string;
  let lines: string[];
  let log: PartLog;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'log-'));
    lines = [];
    log = new PartLog(path.join(folder, 'logs', 'part.log'), (line) => lines.push(line));
  });
  afterEach(() => {
    log.close();
    rmSync(folder, { recursive: true });
  });
  const write = (text: string | Buffer) => log.open((fd) => writeSync(fd, text as string));

  test('is read along, line by line, without colours', () => {
    write('\x1b[31mone\x1b[0m\n\ntw');
    write('o\nthree');
    log.close();
    expect(lines).toEqual(['one', 'two']);
    expect(readFileSync(log.file, 'utf8')).toContain('three');
  });

  test('is read along past a character that was cut in two', async () => {
    const bytes = Buffer.from('schön\n');
    write(bytes.subarray(0, 4));
    await new Promise((resolve) => setTimeout(resolve, 300));
    write(bytes.subarray(4));
    write('next\n');
    log.close();
    expect(lines).toEqual(['schön', 'next']);
  });

  test('is read along when more comes at once than is read at once', () => {
    const many = Array.from({ length: 20_000 }, (_, n) => `line ${n}`);
    write(`${many.join('\n')}\n`);
    log.close();
    expect(lines).toEqual(many);
  });

  test('says last what it complained of, since a given point', () => {
    write('ERROR of an earlier run\n');
    const since = log.size;
    write('starting\nFATAL: no room\nbye\n');
    expect(log.lastWords(since)).toBe('FATAL: no room');
    expect(log.lastWords(log.size - 'bye\n'.length)).toBe('bye');
    expect(log.lastWords(log.size)).toBeUndefined();
  });

  test('is put aside when it has grown large, and read on', () => {
    appendFileSync(log.file, 'old');
    truncateSync(log.file, 21 * 1024 * 1024);
    appendFileSync(log.file, '\n');
    write('fresh\n');
    log.close();
    expect(existsSync(`${log.file}.1`)).toBe(true);
    expect(log.size).toBe('fresh\n'.length);
    expect(lines.at(-1)).toBe('fresh');
  });
});

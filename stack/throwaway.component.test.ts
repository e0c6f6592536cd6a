import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadConfig } from '../config';
import { type Identity, identify, isAlive } from './identity';
import { writeRecord } from './record';
import { startThrowawayServers, sweep } from './throwaway';

const { cache_dir } = loadConfig();

test('servers and their folder are gone after the stop', async () => {
  const servers = await startThrowawayServers({ cache_dir, urls: { temporal: 'elsewhere:7233' } });
  expect(servers.urls.redis).toMatch(/^redis:/);
  expect(existsSync(servers.data_dir)).toBe(true);
  await servers.stop();
  expect(existsSync(servers.data_dir)).toBe(false);
});

describe('a sweep', () => {
  let tmp: string;
  let child: ReturnType<typeof spawn>;
  let server: Identity;
  beforeEach(() => {
    tmp = mkdtempSync(path.join(os.tmpdir(), 'sweep-'));
    child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true });
    server = identify(child.pid ?? 0) ?? { pid: 0, started: '' };
  });
  afterEach(() => {
    child.kill('SIGKILL');
    rmSync(tmp, { recursive: true });
  });

  /** A folder as a test run leaves it that was killed at `started`. */
  function folderOf(holder: Identity): string {
    const folder = path.join(tmp, 'little-monster-x');
    mkdirSync(path.join(folder, 'run'), { recursive: true });
    writeRecord(path.join(folder, 'run', 'stack.json'), { ...holder, urls: {} });
    writeRecord(path.join(folder, 'run', 'redis.json'), { ...server, ports: { main: 1 }, command: [] });
    return folder;
  }

  test('ends and removes what a killed run left', async () => {
    const folder = folderOf({ pid: process.pid, started: 'long ago' });
    const exited = once(child, 'exit');
    sweep(tmp);
    await exited;
    expect(isAlive(server)).toBe(false);
    expect(existsSync(folder)).toBe(false);
  });

  test('leaves a run alone that goes on', () => {
    const folder = folderOf(identify(process.pid) ?? server);
    sweep(tmp);
    expect(isAlive(server)).toBe(true);
    expect(existsSync(folder)).toBe(true);
  });
});

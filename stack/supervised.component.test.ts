import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { identify, isAlive } from './identity';
import { type Part, type PartError } from './part';
import { knock, PortChooser } from './ports';
import { adopt, end, start } from './process';
import { readRunRecord, type RunRecord, writeRecord } from './record';
import { Supervised, type Surroundings } from './supervised';

const SERVER = `require('node:net').createServer((socket) => socket.end()).listen(process.argv[1], '127.0.0.1')`;
const QUICK = { firstDelayMs: 10, longestDelayMs: 40, wellAfterMs: 30_000, limit: 3 };

let folder: string;
let said: string[];
let givenUp: PartError[];
let around: Surroundings;
let running: Supervised[];

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'supervised-'));
  said = [];
  givenUp = [];
  running = [];
  around = {
    recordFile: path.join(folder, 'run', 'redis.json'),
    logFile: path.join(folder, 'logs', 'redis.log'),
    log: (level, source, text) => said.push(`${level} ${source} ${text}`),
    ports: new PortChooser(),
    signal: new AbortController().signal,
    backoff: QUICK,
    onGivenUp: (error) => givenUp.push(error),
  };
});

afterEach(async () => {
  await Promise.all(running.map((one) => one.stop()));
  rmSync(folder, { recursive: true });
});

/** A Node script that plays a server. */
function fake(script: string, changes: Partial<Part> = {}): Part {
  return {
    name: 'redis',
    title: 'The fake',
    ports: { main: 0 },
    readyTimeoutMs: 10_000,
    stopSignal: 'SIGTERM',
    graceMs: 5_000,
    cure: 'Replace it',
    urls: ({ main }) => ({ redis: `redis://127.0.0.1:${main}` }),
    launch: async ({ main }) => ({ command: process.execPath, args: ['-e', script, String(main)], env: {} }),
    check: ({ main }) => knock(main),
    ...changes,
  };
}

function supervise(part: Part): Supervised {
  const supervised = new Supervised(part, around);
  running.push(supervised);
  return supervised;
}

function record(): RunRecord {
  const found = readRunRecord(around.recordFile);
  if (!found) throw new Error('nothing is recorded');
  return found;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}

test('a part is recorded while it runs, and leaves nothing behind', async () => {
  const supervised = supervise(fake(SERVER));
  await supervised.start();
  const identity = record();
  expect(isAlive(identity)).toBe(true);
  await knock(identity.ports.main);
  expect(supervised.urls).toEqual({ redis: `redis://127.0.0.1:${identity.ports.main}` });
  await supervised.stop();
  expect(isAlive(identity)).toBe(false);
  expect(existsSync(around.recordFile)).toBe(false);
});

test('a crashed part is started again on its port', async () => {
  await supervise(fake(SERVER)).start();
  const before = record();
  process.kill(before.pid, 'SIGKILL');
  await until(() => readRunRecord(around.recordFile)?.pid !== before.pid);
  await until(() => said.filter((line) => line.includes('ready after')).length === 2);
  expect(record().ports).toEqual(before.ports);
  expect(said).toContain('warn redis ended by SIGKILL; starting it again in 0.01 s');
});

test('a part that crashes again and again is given up, with the reason', async () => {
  const dying = `${SERVER}; setTimeout(() => { console.error('FATAL: no room'); process.exit(7) }, 150)`;
  await supervise(fake(dying)).start();
  await until(() => givenUp.length > 0);
  expect(givenUp[0]?.message).toBe(
    `The fake failed 3 times in a row: ended with code 7; it said: FATAL: no room (log: ${around.logFile}). Replace it`,
  );
});

test('a part that ends at once fails the start in one line', async () => {
  const part = fake(`console.error('Error: wrong version'); process.exit(3)`);
  await expect(supervise(part).start()).rejects.toThrow(
    `The fake did not start: ended with code 3; it said: Error: wrong version (log: ${around.logFile}). Replace it`,
  );
  expect(existsSync(around.recordFile)).toBe(false);
});

test('a program that is not there fails the start in one line', async () => {
  const launch = async () => ({ command: '/no/such/program', args: [], env: {} });
  await expect(supervise(fake('', { launch })).start()).rejects.toThrow(
    /^The fake did not start: could not be started \(spawn \/no\/such\/program ENOENT\)/,
  );
});

test('a part that never becomes ready fails the start and is ended', async () => {
  let pid = 0;
  const part = fake('setInterval(() => {}, 1000)', {
    readyTimeoutMs: 400,
    check: async ({ main }) => {
      pid = record().pid;
      await knock(main);
    },
  });
  await expect(supervise(part).start()).rejects.toThrow(
    'did not start: not ready within 0.4 s: connect ECONNREFUSED',
  );
  expect(identify(pid)).toBeUndefined();
});

test('a part that ignores its signal is killed with all that it started', async () => {
  const childless = `process.on('SIGTERM', () => {}); ${SERVER};
    console.log(require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']).pid)`;
  const supervised = supervise(fake(childless, { graceMs: 200 }));
  await supervised.start();
  const identity = record();
  await until(() => /\d+\n/.test(readFileSync(around.logFile, 'utf8')));
  const grandchild = Number(readFileSync(around.logFile, 'utf8'));
  await supervised.stop();
  expect(identify(identity.pid)).toBeUndefined();
  await until(() => identify(grandchild) === undefined);
});

test('a port that another program takes in between is changed', async () => {
  const launched: number[] = [];
  const other = net.createServer();
  const part = fake(SERVER, {
    check: ({ main }) => (launched.length === 1 ? Promise.reject(new Error('not ours')) : knock(main)),
    launch: async (ports) => {
      launched.push(ports.main);
      if (launched.length === 1)
        await new Promise<void>((taken) => other.listen(ports.main, '127.0.0.1', taken));
      return fake(SERVER).launch(ports);
    },
  });
  await supervise(part)
    .start()
    .finally(() => other.close());
  expect(launched).toHaveLength(2);
  expect(record().ports.main).toBe(launched[1]);
});

describe('what an earlier supervisor left', () => {
  /** Starts the server as a supervisor would that was then killed. */
  async function leave(script: string, port: number): Promise<RunRecord> {
    const launch = await fake(script).launch({ main: port });
    const { identity } = start(launch, 1);
    if (!identity) throw new Error('the leftover did not start');
    const left = { ...identity, ports: { main: port }, command: [launch.command, ...launch.args] };
    writeRecord(around.recordFile, left);
    return left;
  }

  test('is adopted when it is healthy', async () => {
    const port = await new PortChooser().choose(0);
    const left = await leave(SERVER, port);
    const supervised = supervise(fake(SERVER));
    await supervised.start();
    expect(said).toContain(`info redis adopted process ${left.pid} of an earlier supervisor`);
    expect(supervised.urls).toEqual({ redis: `redis://127.0.0.1:${port}` });
    await supervised.stop();
    expect(isAlive(left)).toBe(false);
  });

  test('is started again when it crashes after its adoption', async () => {
    const left = await leave(SERVER, await new PortChooser().choose(0));
    await supervise(fake(SERVER)).start();
    process.kill(left.pid, 'SIGKILL');
    await until(() => said.some((line) => line.includes('ready after')));
    expect(record()).toMatchObject({ ports: left.ports });
    expect(record().pid).not.toBe(left.pid);
  });

  test('is ended when it was started differently', async () => {
    const left = await leave(`${SERVER} // older`, await new PortChooser().choose(0));
    await supervise(fake(SERVER)).start();
    expect(isAlive(left)).toBe(false);
    expect(record().pid).not.toBe(left.pid);
  });

  test('is ended when it does not answer', async () => {
    const sick = 'setInterval(() => {}, 1000)';
    const left = await leave(sick, await new PortChooser().choose(0));
    const part = fake(sick, {
      check: async ({ main }) => (main === left.ports.main ? knock(main) : undefined),
    });
    await supervise(part).start();
    expect(isAlive(left)).toBe(false);
    expect(record().pid).not.toBe(left.pid);
  });

  test('is left alone when its pid belongs to another process by now', async () => {
    const stranger = start(await fake(SERVER).launch({ main: 0 }), 1);
    const pid = stranger.identity?.pid ?? 0;
    writeRecord(around.recordFile, { pid, started: 'long ago', ports: { main: 1 }, command: ['gone'] });
    await supervise(fake(SERVER)).start();
    expect(record().pid).not.toBe(pid);
    await end(adopt({ pid, started: 'long ago' }), { signal: 'SIGTERM', graceMs: 100 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(stranger.identity && isAlive(stranger.identity)).toBe(true);
    await end(stranger, { signal: 'SIGTERM', graceMs: 1_000 });
  });
});

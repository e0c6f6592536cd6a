import { mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Connection, WorkflowClient } from '@temporalio/client';
import { Client } from 'pg';
import { loadConfig } from '../config';
import { tryPort } from './ports';
import { startServers, type ServersOptions } from './servers';
import { SEARCH_ATTRIBUTES } from './temporal';

const { cache_dir } = loadConfig();
let data_dir: string;
let options: ServersOptions;

beforeAll(() => {
  data_dir = mkdtempSync(path.join(os.tmpdir(), 'servers-'));
  options = { data_dir, cache_dir, ports: 'random' };
});
afterAll(() => rmSync(data_dir, { recursive: true, force: true }));

async function rows(database: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: database });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

async function withTemporal<T>(address: string, use: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}

function portOf(url: string): number {
  return Number(/:(\d+)(\/|$)/.exec(url.replace(/^.*@/, ''))?.[1]);
}

function answersOn(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port, timeout: 2_000 });
    for (const refusal of ['error', 'timeout'])
      socket.once(refusal, () => resolve(socket.destroy() && false));
    socket.once('connect', () => resolve(socket.destroy() && true));
  });
}

test('data outlives a restart', async () => {
  const first = await startServers(options);
  await rows(first.urls.database, `CREATE TABLE kept (word text); INSERT INTO kept VALUES ('schön')`);
  await withTemporal(first.urls.temporal, (connection) =>
    new WorkflowClient({ connection }).start('lesson', {
      workflowId: 'kept',
      taskQueue: 'nobody',
      searchAttributes: { JobType: ['lesson'], Owner: ['somebody'] },
    }),
  );
  await first.stop();

  const second = await startServers(options);
  try {
    expect(await rows(second.urls.database, 'SELECT word FROM kept')).toEqual([{ word: 'schön' }]);
    await withTemporal(second.urls.temporal, async (connection) => {
      const listed = new WorkflowClient({ connection }).list({ query: `JobType = 'lesson'` });
      for await (const { workflowId, status } of listed)
        expect({ workflowId, status: status.name }).toEqual({ workflowId: 'kept', status: 'RUNNING' });
      expect.assertions(2);
    });
  } finally {
    await second.stop();
  }
});

describe('while they run', () => {
  let servers: Awaited<ReturnType<typeof startServers>>;
  beforeAll(async () => (servers = await startServers(options)));
  afterAll(() => servers.stop());

  test('Temporal keeps closed workflows for 30 days, and knows our search attributes', async () => {
    await withTemporal(servers.urls.temporal, async (connection) => {
      const { config } = await connection.workflowService.describeNamespace({ namespace: 'default' });
      expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(30 * 24 * 3600);
      const { customAttributes } = await connection.operatorService.listSearchAttributes({
        namespace: 'default',
      });
      expect(Object.keys(customAttributes)).toEqual(expect.arrayContaining([...SEARCH_ATTRIBUTES]));
    });
  });

  test('nothing listens beyond loopback', async () => {
    const addresses = Object.values(os.networkInterfaces()).flatMap((all) => all ?? []);
    const outside = addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
    const ports = Object.values(servers.urls).map((url) => portOf(url));
    expect(await Promise.all(ports.map((port) => answersOn('127.0.0.1', port)))).toEqual(
      ports.map(() => true),
    );
    if (!outside) return console.warn('not checked: this machine has no address but loopback');
    expect(await Promise.all(ports.map((port) => answersOn(outside, port)))).toEqual(ports.map(() => false));
  });

  test('the password is for the owner alone, and needed', async () => {
    expect(statSync(path.join(data_dir, 'postgres-password')).mode & 0o777).toBe(0o600);
    const guess = servers.urls.database.replace(/:[^:@]+@/, ':postgres@');
    await expect(rows(guess, 'SELECT 1')).rejects.toThrow('password authentication failed');
  });

  test('a second supervisor on the same folder is told where they are', async () => {
    await expect(startServers(options)).rejects.toThrow(
      new RegExp(`already runs on ${data_dir}: process ${process.pid} .*${servers.urls.temporal}`),
    );
  });
});

test('data without its password is not waited for', async () => {
  const password = path.join(data_dir, 'postgres-password');
  const others = { temporal: 'elsewhere:7233', redis: 'redis://elsewhere', chroma: 'http://elsewhere' };
  renameSync(password, `${password}.lost`);
  await expect(startServers({ ...options, urls: others })).rejects.toThrow(
    /password of its data, is missing/,
  );
  renameSync(`${password}.lost`, password);
});

test('what is configured is used and not started, and a taken port moves', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'servers-'));
  const blocker = net.createServer();
  await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
  const taken = (blocker.address() as net.AddressInfo).port;
  const free = (await tryPort(0)) ?? 0;
  const urls = { temporal: 'temporal.example:7233', database: 'postgresql://db.example/lm' };
  const ports = { temporal: 0, temporal_ui: 0, database: 0, redis: taken, chroma: free };
  const servers = await startServers({ ...options, data_dir: folder, ports, urls });
  try {
    expect(servers.urls).toMatchObject({ ...urls, chroma: `http://127.0.0.1:${free}` });
    expect(portOf(servers.urls.redis)).not.toBe(taken);
    expect(readdirSync(path.join(folder, 'run')).sort()).toEqual(['chroma.json', 'redis.json', 'stack.json']);
  } finally {
    await servers.stop();
    blocker.close();
    rmSync(folder, { recursive: true });
  }
});

test('a program that is not the server fails the start, and the others are ended', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'servers-'));
  const programs = { 'temporal-cli': process.execPath };
  await expect(startServers({ ...options, data_dir: folder, programs })).rejects.toThrow(
    /^Temporal did not start: .* is not the Temporal CLI: it calls itself "v\d+.*" .*\. Check that .*$/,
  );
  expect(readdirSync(path.join(folder, 'run'))).toEqual([]);
  rmSync(folder, { recursive: true });
});

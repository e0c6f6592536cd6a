import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createEngine, type EngineSettings } from './engine';
import type { FakeRequest } from './engines/__fixtures__/fake';
import { ProviderError } from './error';

const unaborted = new AbortController().signal;

function fake(settings: Partial<EngineSettings> = {}) {
  return createEngine<FakeRequest, unknown>({
    provider: 'fake',
    script: '__fixtures__/fake',
    load: { label: 'one' },
    files: [],
    processes: 1,
    idleMs: 5_000,
    ...settings,
  });
}

const who = async (engine: ReturnType<typeof fake>) =>
  (await engine.run({ kind: 'who' }, unaborted)) as { label: string; pid: number };

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function factsOf(call: Promise<unknown>): Promise<ProviderError['facts'] & { message: string }> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ProviderError);
  return { ...(error as ProviderError).facts, message: (error as ProviderError).message };
}

it('runs requests in a child that it keeps, with typed arrays both ways', async () => {
  const engine = fake();
  const first = await who(engine);
  expect(first).toEqual({ label: 'one', pid: expect.any(Number) });
  expect(first.pid).not.toBe(process.pid);
  expect(await who(engine)).toEqual(first);
  const doubled = await engine.run({ kind: 'double', samples: Float32Array.of(1, 2) }, unaborted);
  expect([...(doubled as Float32Array)]).toEqual([2, 4]);
});

it('starts no more children than it may, and serves in order', async () => {
  const engine = fake({ processes: 2 });
  const done: number[] = [];
  const pids = await Promise.all(
    [0, 1, 2, 3, 4].map(async (index) => {
      const pid = await engine.run({ kind: 'hold', ms: 100 }, unaborted);
      done.push(index);
      return pid;
    }),
  );
  expect(new Set(pids).size).toBe(2);
  for (const pid of pids) {
    const its = done.filter((index) => pids[index] === pid);
    expect(its).toEqual([...its].sort());
  }
  expect(done).toHaveLength(5);
});

it('kills the child of an aborted request and goes on with another', async () => {
  const engine = fake();
  const { pid } = await who(engine);
  const controller = new AbortController();
  const reason = new Error('cancelled');
  const held = engine.run({ kind: 'hold', ms: 60_000 }, controller.signal);
  const next = engine.run({ kind: 'who' }, unaborted);
  await sleep(50);
  controller.abort(reason);
  await expect(held).rejects.toBe(reason);
  expect(isAlive(pid)).toBe(false);
  expect(await next).not.toMatchObject({ pid });
});

it('lets an aborted request leave the queue', async () => {
  const engine = fake();
  const controller = new AbortController();
  const reason = new Error('cancelled');
  const held = engine.run({ kind: 'hold', ms: 300 }, unaborted);
  const waiting = engine.run({ kind: 'who' }, controller.signal);
  controller.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  expect(await who(engine)).toMatchObject({ pid: await held });
});

it('reports a crash as transient, with the last words, and recovers', async () => {
  const engine = fake();
  const facts = await factsOf(engine.run({ kind: 'crash' }, unaborted));
  expect(facts).toMatchObject({ provider: 'fake', code: 'ENGINE_CRASHED', transient: true });
  expect(facts.message).toContain('SIGSEGV');
  expect(facts.message).toContain('ggml: out of memory');
  expect(await who(engine)).toMatchObject({ label: 'one' });
});

it('reports a refusal as permanent and keeps the child', async () => {
  const engine = fake();
  const { pid } = await who(engine);
  const facts = await factsOf(engine.run({ kind: 'refuse' }, unaborted));
  expect(facts).toMatchObject({ code: 'ENGINE_FAILED', transient: false });
  expect(facts.message).toContain('not this one');
  expect(await who(engine)).toMatchObject({ pid });
});

it('ends an idle child, and starts another when asked again', async () => {
  const engine = fake({ idleMs: 100 });
  const { pid } = await who(engine);
  for (let tries = 0; isAlive(pid) && tries < 50; tries += 1) await sleep(100);
  expect(isAlive(pid)).toBe(false);
  expect(await who(engine)).not.toMatchObject({ pid });
});

it('says which file is missing before it starts anything', async () => {
  const facts = await factsOf(fake({ files: ['/nowhere/model.bin'] }).run({ kind: 'who' }, unaborted));
  expect(facts).toMatchObject({ code: 'MODEL_MISSING', transient: false });
  expect(facts.message).toContain('/nowhere/model.bin');
  expect(facts.hint).toContain('npm run assets');
});

it('does not outlive its parent', async () => {
  const parent = spawn(
    process.execPath,
    ['--import', 'tsx', join(__dirname, 'engines', '__fixtures__', 'parent.ts')],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [pid] = (await once(parent.stdout, 'data')) as [Buffer];
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  for (let tries = 0; isAlive(Number(pid)) && tries < 50; tries += 1) await sleep(100);
  expect(isAlive(Number(pid))).toBe(false);
}, 20_000);

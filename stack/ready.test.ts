import { untilReady } from './ready';

const never = new Promise<never>(() => undefined);
const ports = { main: 1 };
const signal = new AbortController().signal;
const quiet = { exited: never, greeted: never };

test('a part is ready once its check passes', async () => {
  let asked = 0;
  const check = async () => {
    if (++asked < 3) throw new Error('not yet');
  };
  await untilReady({ part: { check }, ports, running: quiet, timeoutMs: 5_000, signal });
  expect(asked).toBe(3);
});

test('a program is ready once it says so', async () => {
  const running = { exited: never, greeted: Promise.resolve() };
  await expect(untilReady({ part: {}, ports, running, timeoutMs: 5_000, signal })).resolves.toBeUndefined();
});

test('a process that ends first is not waited for', async () => {
  const running = { exited: Promise.resolve('ended with code 3'), greeted: never };
  await expect(untilReady({ part: {}, ports, running, timeoutMs: 5_000, signal })).rejects.toThrow(
    'ended with code 3',
  );
});

test('time runs out, and the last refusal is the reason', async () => {
  const check = () => Promise.reject(new Error('ECONNREFUSED'));
  await expect(
    untilReady({ part: { check }, ports, running: quiet, timeoutMs: 120, signal }),
  ).rejects.toThrow('not ready within 0.12 s: ECONNREFUSED');
});

test('a check that hangs does not stop the clock', async () => {
  await expect(
    untilReady({ part: { check: () => never }, ports, running: quiet, timeoutMs: 120, signal }),
  ).rejects.toThrow('not ready within 0.12 s');
});

test('it can be called off', async () => {
  const controller = new AbortController();
  const waiting = untilReady({
    part: {},
    ports,
    running: quiet,
    timeoutMs: 5_000,
    signal: controller.signal,
  });
  controller.abort();
  await expect(waiting).rejects.toThrow('the start was interrupted');
});

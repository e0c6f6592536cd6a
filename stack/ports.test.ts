import net from 'node:net';
import { allFree, knock, PortChooser, tryPort } from './ports';

/** Listens on a port while `use` runs. */
async function withTakenPort(use: (port: number) => Promise<void>): Promise<void> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use((server.address() as net.AddressInfo).port);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

test('a free port is kept, and 0 becomes a real one', async () => {
  const port = (await tryPort(0)) ?? 0;
  expect(port).toBeGreaterThan(0);
  expect(await new PortChooser().choose(port)).toBe(port);
});

test('a taken port moves to a free one', () =>
  withTakenPort(async (taken) => {
    expect(await tryPort(taken)).toBeUndefined();
    const port = await new PortChooser().choose(taken);
    expect(port).not.toBe(taken);
    expect(await tryPort(port)).toBe(port);
  }));

test('no port is handed out twice, though nothing listens on it yet', async () => {
  const chooser = new PortChooser();
  const preferred = (await tryPort(0)) ?? 0;
  const ports = [await chooser.choose(preferred), await chooser.choose(preferred)];
  ports.push(...(await Promise.all([chooser.choose(preferred), chooser.choose(0)])));
  expect(ports[0]).toBe(preferred);
  expect(new Set(ports).size).toBe(4);
});

test('a drawn port is none that the system gives to outgoing connections', async () => {
  const chooser = new PortChooser();
  const drawn = await Promise.all(Array.from({ length: 50 }, () => chooser.choose(0)));
  expect(new Set(drawn).size).toBe(50);
  expect(Math.max(...drawn)).toBeLessThan(32_768);
});

test('a part with a second port gets two', async () => {
  const chooser = new PortChooser();
  expect(Object.keys(await chooser.chooseAll({ main: 0 }))).toEqual(['main']);
  const two = await chooser.chooseAll({ main: 0, ui: 0 });
  expect(Object.keys(two)).toEqual(['main', 'ui']);
  expect(two.ui).not.toBe(two.main);
});

test('all ports must be free to be called free', () =>
  withTakenPort(async (taken) => {
    const free = (await tryPort(0)) ?? 0;
    expect(await allFree({ main: free })).toBe(true);
    expect(await allFree({ main: free, ui: taken })).toBe(false);
    expect(await allFree({ main: taken })).toBe(false);
  }));

test('a knock tells whether somebody listens', () =>
  withTakenPort(async (taken) => {
    await expect(knock(taken)).resolves.toBeUndefined();
    await expect(knock((await tryPort(0)) ?? 0)).rejects.toThrow('ECONNREFUSED');
  }));

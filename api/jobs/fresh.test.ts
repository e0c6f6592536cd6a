import { createFreshValues } from './fresh';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** Values that count their fetches; `gate` lets a test hold one back. */
function counted() {
  const state = { fetches: 0, gate: Promise.resolve(), gone: false };
  const values = createFreshValues<string, string>(async (key, last, hint) => {
    const nth = ++state.fetches;
    await state.gate;
    return state.gone ? undefined : [key, nth, last, hint].filter(Boolean).join(' ');
  });
  return { state, values };
}

test('many askers, one fetch', async () => {
  const { state, values } = counted();
  await Promise.all(Array.from({ length: 20 }, () => values.get('a')));
  expect(state.fetches).toBe(1);
  await values.get('b');
  expect(state.fetches).toBe(2);
});

test('young: as it is; older: at once, and fetched behind it; too old: fetched first', async () => {
  const { state, values } = counted();
  await values.get('a');
  jest.setSystemTime(Date.now() + 400);
  expect(await values.get('a')).toBe('a 1');
  expect(state.fetches).toBe(1);
  jest.setSystemTime(Date.now() + 400);
  expect(await values.get('a')).toBe('a 1');
  await jest.advanceTimersByTimeAsync(0);
  expect(await values.get('a')).toBe('a 2 a 1');
  jest.setSystemTime(Date.now() + 1_500);
  expect(await values.get('a', 'hint')).toBe('a 3 a 2 a 1 hint');
});

test('forgotten: fetched anew, and what began before is not kept', async () => {
  const { state, values } = counted();
  let open = () => {};
  state.gate = new Promise((resolve) => (open = resolve));
  const before = values.get('a');
  values.forget('a');
  const after = values.get('a');
  open();
  expect([await before, await after]).toEqual(['a 1', 'a 2']);
  expect(await values.get('a')).toBe('a 2');
});

test('renewed behind those who ask: they get what is there, and then the new', async () => {
  const { state, values } = counted();
  await values.get('a');
  let open = () => {};
  state.gate = new Promise((resolve) => (open = resolve));
  const renewed = values.renew('a');
  expect(await values.get('a')).toBe('a 1');
  open();
  expect(await renewed).toBe('a 2 a 1');
  expect(await values.get('a')).toBe('a 2 a 1');
  expect(state.fetches).toBe(2);
});

test('held is what somebody asked for lately, however often it was renewed', async () => {
  const { values } = counted();
  expect(values.isHeld('a')).toBe(false);
  await values.get('a');
  expect(values.isHeld('a')).toBe(true);
  jest.setSystemTime(Date.now() + 2_000);
  await values.renew('a');
  jest.setSystemTime(Date.now() + 2_000);
  expect(values.isHeld('a')).toBe(false);
});

test('what is gone is gone', async () => {
  const { state, values } = counted();
  await values.get('a');
  state.gone = true;
  values.forget('a');
  expect(await values.get('a')).toBeUndefined();
  expect(await values.get('a')).toBeUndefined();
});

test('a failed fetch is told to whoever needs it, and is not kept', async () => {
  let fails = true;
  const values = createFreshValues<string, never>(async () => {
    if (fails) throw new Error('away');
    return 'here';
  });
  await expect(values.get('a')).rejects.toThrow('away');
  fails = false;
  expect(await values.get('a')).toBe('here');
});

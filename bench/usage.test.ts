import { cpuMsIn } from './usage';

test('counts user and system time, also of children that have ended', () => {
  const stat = '42 (a (very) odd name) S 1 42 42 0 -1 4194304 9 8 7 6 100 20 3 4 25 5 11 0 900 0 0';
  expect(cpuMsIn(stat)).toBe(1_270);
});

test('of a process that is gone there is nothing to count', () => {
  expect(cpuMsIn('')).toBe(0);
});

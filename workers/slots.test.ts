import { BOOKKEEPING_SLOTS, cpuSlots, providerSlots } from './slots';

test('an engine of ours takes a core per call, a vendor on the network waits beside others', () => {
  for (const cores of [1, 2, 16]) {
    expect(cpuSlots(cores).concurrency).toBe(cores);
    expect(providerSlots('whisper', cores).concurrency).toBe(cores);
    expect(providerSlots('openai', cores).concurrency).toBe(8);
  }
});

test('rows are written side by side', () => {
  expect(BOOKKEEPING_SLOTS.concurrency).toBeGreaterThanOrEqual(16);
});

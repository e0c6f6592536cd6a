import { openLoop, schedule, summary, type LoadClock } from './load';

/** A clock that moves only when somebody sleeps. */
function virtualClock(): LoadClock & { at: number } {
  return {
    at: 0,
    now() {
      return this.at;
    },
    async sleep(ms) {
      // Answers that are there come first.
      await new Promise(setImmediate);
      this.at += ms;
    },
  };
}

test('spreads the requests evenly', () => {
  expect(schedule({ perSecond: 4, seconds: 1 })).toEqual([0, 250, 500, 750]);
  expect(schedule({ perSecond: 200, seconds: 20 })).toHaveLength(4000);
  expect(schedule({ perSecond: 3, seconds: 0 })).toEqual([]);
});

test('sends at the intended moments, in order', async () => {
  const clock = virtualClock();
  const sentAt: number[] = [];
  const result = await openLoop(
    { perSecond: 10, seconds: 0.5 },
    async () => void sentAt.push(clock.at),
    clock,
  );
  expect(sentAt.map((at) => at - sentAt[0]!)).toEqual([0, 100, 200, 300, 400]);
  expect(result).toEqual({ latenciesMs: [0, 0, 0, 0, 0], lateMs: [0, 0, 0, 0, 0], failures: [] });
});

test('does not wait for an answer before the next request', async () => {
  let open = 0;
  let most = 0;
  const answers: (() => void)[] = [];
  const send = () => {
    most = Math.max(most, ++open);
    return new Promise<void>((resolve) => answers.push(resolve)).then(() => void open--);
  };
  const running = openLoop({ perSecond: 1000, seconds: 0.01 }, send);
  while (answers.length < 10) await new Promise(setImmediate);
  answers.forEach((answer) => answer());
  await running;
  expect(most).toBe(10);
});

test('a stall of the sender counts for every request that was due in it', async () => {
  const clock = virtualClock();
  const result = await openLoop(
    { perSecond: 10, seconds: 0.4 },
    async (index) => {
      if (index === 0) clock.at += 250;
    },
    clock,
  );
  expect(result.lateMs).toEqual([0, 150, 50, 0]);
  expect(result.latenciesMs).toEqual([250, 150, 50, 0]);
});

test('counts what fails apart from the latencies', async () => {
  const result = await openLoop(
    { perSecond: 10, seconds: 0.2 },
    async (index) => {
      if (index === 1) throw new Error('HTTP 500');
    },
    virtualClock(),
  );
  expect(result.latenciesMs).toHaveLength(1);
  expect(result.failures).toEqual(['HTTP 500']);
  expect(summary(result, 0)).toContain('1 failed, the first: HTTP 500');
});

import { createTurns } from './turns';

const unaborted = new AbortController().signal;

it('lets the others in as turns are given back, in order', async () => {
  const turns = createTurns(2);
  const entered: number[] = [];
  const all = [0, 1, 2, 3].map((caller) => turns.take(unaborted).then(() => entered.push(caller)));
  await Promise.all(all.slice(0, 2));
  expect(entered).toEqual([0, 1]);
  turns.giveBack();
  await all[2];
  expect(entered).toEqual([0, 1, 2]);
  turns.giveBack();
  await all[3];
  expect(entered).toEqual([0, 1, 2, 3]);
});

it('passes over a caller that left', async () => {
  const turns = createTurns(1);
  await turns.take(unaborted);
  const controller = new AbortController();
  const reason = new Error('left');
  const leaving = turns.take(controller.signal);
  const staying = turns.take(unaborted);
  controller.abort(reason);
  await expect(leaving).rejects.toBe(reason);
  turns.giveBack();
  await expect(staying).resolves.toBeUndefined();
});

it('does not let in a caller that is already aborted', async () => {
  const reason = new Error('too late');
  await expect(createTurns(1).take(AbortSignal.abort(reason))).rejects.toBe(reason);
});

import { serverUrls } from '../testing/world';
import { hearChanges, publishChanges, type Change } from './changes';

const CHANGE = { job_id: 'a-job', revision: 7 };

test('what one process publishes, another hears', async () => {
  const { redis } = serverUrls();
  const heard: Change[] = [];
  const hearing = hearChanges(redis, (change) => heard.push(change));
  const publisher = publishChanges(redis);
  const giveUpAt = Date.now() + 5_000;
  // Until both are connected, hints are lost.
  while (!heard.some(({ job_id }) => job_id === CHANGE.job_id) && Date.now() < giveUpAt) {
    publisher.publish(CHANGE);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  publisher.close();
  hearing.close();
  expect(heard).toContainEqual(CHANGE);
});

test('without Redis a hint is lost, and nobody waits or fails', async () => {
  const publisher = publishChanges('redis://127.0.0.1:1');
  const hearing = hearChanges('redis://127.0.0.1:1', () => undefined);
  publisher.publish(CHANGE);
  await new Promise((resolve) => setTimeout(resolve, 100));
  publisher.close();
  hearing.close();
});

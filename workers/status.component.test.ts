import { BLANK_OFFER, type Offer } from '../domain/offer';
import { createWorld, type World } from '../testing/world';
import { startStatus } from './status';

let world: World;

beforeAll(async () => {
  world = await createWorld();
});

afterAll(() => world.close());

const offer: Offer = {
  ...{
    ...BLANK_OFFER,
    capability: 'speaker',
    provider: 'piper',
    model: 'joe',
    quality: 'standard',
    available: true,
  },
  ...{ languages: ['en'] },
};

const rowOf = (id: string) => world.db.workers.findUnique({ where: { id } });

test('says at once what it offers, again when something changed, and takes its row with it', async () => {
  let breaker: Offer['breaker'] = 'closed';
  const offers = () => [{ ...offer, breaker }];
  const errors: unknown[] = [];
  const onError = (error: unknown) => errors.push(error);
  const status = await startStatus(world.db, { id: 'one', offers, onError });
  const first = await rowOf('one');
  expect(first?.offers).toEqual([offer]);
  breaker = 'open';
  await status.report();
  const second = await rowOf('one');
  expect(second?.offers).toMatchObject([{ breaker: 'open' }]);
  expect(second!.seen_at.getTime()).toBeGreaterThanOrEqual(first!.seen_at.getTime());
  await status.stop();
  expect(await rowOf('one')).toBeNull();
  expect(errors).toEqual([]);
});

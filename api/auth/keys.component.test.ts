import { randomUUID } from 'node:crypto';
import { createWorld, type World } from '../../testing/world';
import { createKeys } from './keys';
import { createTokens } from './tokens';

const DAY_MS = 24 * 3_600_000;

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
beforeEach(() => world.db.signing_keys.deleteMany());
afterAll(() => world.close());

it('makes one when there is none, and other processes find it', async () => {
  const [here, there] = [createKeys(world.db), createKeys(world.db)];
  const key = await here.signing();
  expect(key.secret).toHaveLength(32);
  expect(await there.signing()).toEqual(key);
  expect(await there.named(key.kid)).toEqual(key);
});

it('replaces an old one, which still verifies for two days', async () => {
  let at = Date.now();
  const keys = createKeys(world.db, () => at);
  const old = await keys.signing();
  at += 31 * DAY_MS;
  const next = await keys.signing();
  expect(next.kid).not.toBe(old.kid);
  expect(await keys.named(old.kid)).toEqual(old);
  at += 1.5 * DAY_MS;
  expect(await keys.named(old.kid)).toBeUndefined();
});

it('finds a key that another process has made since', async () => {
  let at = Date.now();
  const [here, there] = [createKeys(world.db, () => at), createKeys(world.db)];
  await here.signing();
  const newer = await there.rotate();
  at += 2_000;
  expect(await here.named(newer.kid)).toEqual(newer);
});

it('keeps tokens good while keys are rotated', async () => {
  const keys = createKeys(world.db);
  const tokens = createTokens(keys);
  const claims = { user_id: randomUUID(), id: randomUUID() };
  const token = await tokens.sign('access', claims, 60);
  await keys.rotate();
  expect(await tokens.verify('access', token)).toEqual(claims);
  expect(await tokens.verify('reset_password', token)).toBeUndefined();
});

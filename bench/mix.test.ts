import { repeatsOf, spread, turnOf } from './mix';

test('gives each kind its share, and spreads it', () => {
  expect(spread({ a: 1, b: 1, c: 1 })).toEqual(['a', 'b', 'c']);
  expect(spread({ upload: 5, end: 1, erase: 1 })).toEqual([
    ...['upload', 'upload', 'end', 'upload', 'erase', 'upload', 'upload'],
  ]);
  expect(spread({ often: 4, seldom: 1 })).toEqual(['often', 'often', 'seldom', 'often', 'often']);
});

const accounts = ['ada', 'bo', 'cy'];
const kinds = ['read', 'write'];
const turns = (count: number) =>
  Array.from({ length: count }, (_none, index) => turnOf(index, { kinds, accounts }));

test('lets every account take its turn', () => {
  expect(turns(6).map(({ account }) => account)).toEqual([...accounts, ...accounts]);
});

test('takes each account through all kinds, beginning with another one', () => {
  expect(turns(6).map(({ kind }) => kind)).toEqual(['read', 'write', 'read', 'write', 'read', 'write']);
});

test.each([
  { perSecond: 200, seconds: 60, people: 200 },
  { perSecond: 200, seconds: 8, people: 60 },
  { perSecond: 7, seconds: 3, people: 4 },
])('no account comes to a kind more often than is said ($perSecond/s, $seconds s, $people)', (load) => {
  const all = { kinds: [...Array(20).keys()], accounts: [...Array(load.people).keys()] };
  const seen = new Map<string, number>();
  for (let index = 0; index < load.perSecond * load.seconds; index++) {
    const { account, kind } = turnOf(index, all);
    seen.set(`${account} ${kind}`, (seen.get(`${account} ${kind}`) ?? 0) + 1);
  }
  expect(Math.max(...seen.values())).toBe(repeatsOf(load, load.people, 20));
});

import fc from 'fast-check';
import { afterCursor, toPage } from './cursor';

const row = (created_at: Date, id: string) => ({ created_at, id });
const ID = '0b1f4c1e-7a0d-4e55-9c3b-2f1f6a1d9b7c';

test('a page that holds everything is the last', () => {
  expect(toPage([row(new Date(), ID)], 1)).toMatchObject({ next_cursor: null, items: [{ id: ID }] });
  expect(toPage([], 5)).toEqual({ next_cursor: null, items: [] });
});

test('a cursor is the position of the last row that was given', () => {
  const date = fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(date, fc.uuid({ version: 4 }), (created_at, id) => {
      const { next_cursor, items } = toPage([row(created_at, id), row(new Date(0), ID)], 1);
      expect(items).toHaveLength(1);
      expect(afterCursor(next_cursor ?? '')).toEqual({
        OR: [{ created_at: { lt: created_at } }, { created_at, id: { lt: id } }],
      });
    }),
  );
});

test('without a cursor there is no filter', () => {
  expect(afterCursor(undefined)).toEqual({});
});

test('what is no cursor of ours is refused', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (text) => {
      expect(() => afterCursor(text)).toThrow('cursor: not one of ours');
    }),
  );
});

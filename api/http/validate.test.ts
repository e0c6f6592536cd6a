import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { HttpError } from './errors';
import { notTooDeep, parse } from './validate';

const refusalOf = (call: () => unknown): HttpError => {
  try {
    call();
  } catch (error) {
    if (error instanceof HttpError) return error;
    throw error;
  }
  throw new Error('it was taken');
};

const anything = z.object({ notes: z.record(z.string(), z.unknown()) });

it.each([
  ['a value', { a: 'x\0' }, 'notes.a'],
  ['half a pair', { a: { b: ['\ud800'] } }, 'notes.a.b.0'],
  ['a key', { 'k\0': 1 }, 'notes.k\ufffd'],
  ['a key of half a pair', { '\udfff': 1 }, 'notes.\ufffd'],
])('refuses what the database cannot hold: %s', (_what, notes, field) => {
  const { status, details } = refusalOf(() => parse(anything, { notes }));
  expect([status, details.field]).toEqual([422, field]);
});

it('takes every character that is one', () => {
  const notes = { '💥\u202e\n': '\ud83d\udca5\u007f' };
  expect(parse(anything, { notes })).toEqual({ notes });
});

const nested = (levels: number): unknown =>
  JSON.parse(`${'{"a":['.repeat(levels / 2)}${']}'.repeat(levels / 2)}`);

const check = (body: unknown): unknown[] => {
  const told: unknown[] = [];
  const req = Object.assign(new IncomingMessage(new Socket()), { body }) as Request;
  void notTooDeep(req, {} as Response, (...args: unknown[]) => told.push(args.length));
  return told;
};

it('takes bodies of a hundred levels and no more, however deep they are', () => {
  for (const body of [undefined, 7, {}, nested(100)]) expect(check(body)).toEqual([0]);
  for (const levels of [102, 100_000]) expect(refusalOf(() => check(nested(levels))).status).toBe(422);
});

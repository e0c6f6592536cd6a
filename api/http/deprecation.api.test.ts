/** A route that will go, declared as one. */
import express from 'express';
import { z } from 'zod';
import { openApi } from '../docs/openapi';
import { listen } from '../listen';
import { endpoint, type Mounts } from './endpoint';
import { ok } from './envelope';
import { mount } from './mount';

const SINCE = new Date('2026-10-01T00:00:00Z');
const deprecated = { since: SINCE, sunset: new Date('2027-01-01T00:00:00Z'), successor: '/api/v2/old' };

const old = endpoint({
  ...{ summary: 'The old way', rule: ['docs', 'read'], deprecated },
  answers: { 200: { description: 'It', data: z.object({}) } },
  handle: ({ res }) => ok(res, {}),
});
const mounts: Mounts = { '/api/old': { '/': { get: old } } };

test('says since when, until when, and what takes its place, to clients and in the document', async () => {
  const app = express();
  mount(app, mounts);
  const { url, stop } = await listen(app, { host: '127.0.0.1', port: 0, leadMs: 0 });
  const { status, headers } = await fetch(new URL('/api/old', url));
  await stop();
  expect([status, headers.get('deprecation'), headers.get('sunset'), headers.get('link')]).toEqual([
    ...[200, '@1790812800', 'Fri, 01 Jan 2027 00:00:00 GMT', '</api/v2/old>; rel="successor-version"'],
  ]);
  expect(openApi(mounts, { version: '0' }).paths['/api/old']).toMatchObject({ get: { deprecated: true } });
});

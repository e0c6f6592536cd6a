import { z } from 'zod';
import type { Blobs } from '../store/blobs';
import { readJson } from './read-json';

const schema = z.object({ schema: z.literal('thing/1') });

/** Blobs of which only reading matters here. */
const reading = (read: () => Promise<Buffer>): Blobs => ({ read }) as unknown as Blobs;

const text = (content: string) => reading(async () => Buffer.from(content));

const failing = (code: string) => reading(() => Promise.reject(Object.assign(new Error(code), { code })));

it('gives what fits its schema', async () => {
  await expect(readJson(text('{"schema":"thing/1"}'), 'x', schema)).resolves.toEqual({ schema: 'thing/1' });
});

it.each([
  ['another version', text('{"schema":"thing/2"}'), 'RESULT_UNREADABLE'],
  ['no JSON', text('{'), 'RESULT_UNREADABLE'],
  ['a lost blob', failing('ENOENT'), 'RESULT_LOST'],
])('says of %s that no attempt will help', async (_name, blobs, code) => {
  await expect(readJson(blobs, 'x', schema)).rejects.toMatchObject({ name: 'StepError', code });
});

it('lets a disk that is away be tried again', async () => {
  await expect(readJson(failing('EIO'), 'x', schema)).rejects.toMatchObject({ message: 'EIO', code: 'EIO' });
});

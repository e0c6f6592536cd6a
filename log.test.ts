import { Writable } from 'node:stream';
import { createLog } from './log';

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = [];
  const write_ = (chunk: Buffer, _encoding: string, done: () => void) => (lines.push(String(chunk)), done());
  write(createLog('debug', new Writable({ write: write_ })));
  return lines.join('');
}

const SECRET = 'hunter2-hunter2';

test.each([
  ['itself', { password: SECRET }],
  ['in a body', { body: { refresh_token: SECRET } }],
  ['in headers', { req: { headers: { authorization: SECRET } } }],
])('a secret is not written: %s', (_where, fields) => {
  const line = logged((log) => log.info(fields, 'came'));
  expect(line).not.toContain(SECRET);
  expect(line).toContain('[secret]');
});

test('of an error what helps is written, and nothing that hangs on it', () => {
  const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED', query: SECRET });
  const error = Object.assign(new Error('The insert failed', { cause }), { row: { email: SECRET } });
  const line = logged((log) => log.error({ err: error }, 'request failed'));
  expect(line).not.toContain(SECRET);
  expect(JSON.parse(line)).toMatchObject({
    err: {
      ...{ type: 'Error', message: 'The insert failed', stack: expect.stringContaining('log.test') },
      cause: { message: 'refused', code: 'ECONNREFUSED' },
    },
  });
});

test('a long message is cut, in its stack too', () => {
  const error = new Error(`not JSON: ${'the plates move '.repeat(50)}${SECRET}`);
  const line = logged((log) => log.error({ error }, 'vendor'));
  expect(line).toContain('not JSON');
  expect(line).not.toContain(SECRET);
});

test('what is thrown and is no error is not shown', () => {
  expect(logged((log) => log.error({ err: SECRET }, 'thrown'))).not.toContain(SECRET);
});

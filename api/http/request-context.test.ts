import fc from 'fast-check';
import { continueTrace } from './request-context';

const OURS = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

it('goes on in the caller’s trace under a span of its own', () => {
  const given = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const [, trace, span, flags] = OURS.exec(continueTrace(given)) ?? [];
  expect([trace, flags]).toEqual(['4bf92f3577b34da6a3ce929d0e0e4736', '01']);
  expect(span).not.toBe('00f067aa0ba902b7');
});

it.each([
  ['none', undefined],
  ['zeros', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
  ['a caller of zeros', `00-4bf92f3577b34da6a3ce929d0e0e4736-${'0'.repeat(16)}-01`],
  ['capitals', '00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01'],
])('begins a trace where the header is %s', (_what, given) => {
  const [, trace] = OURS.exec(continueTrace(given)) ?? [];
  expect(trace).toMatch(/^[0-9a-f]{32}$/);
  expect(given ?? '').not.toContain(trace);
});

it('is well-formed whatever comes in', () => {
  fc.assert(fc.property(fc.string(), (given) => expect(continueTrace(given)).toMatch(OURS)));
});

import { asAccount } from './account';

const launch = { command: '/bin/postgres', args: ['-D', '/data'], env: {} };
const user = { uid: 101, gid: 104 };

test('an ordinary user runs the server himself', () => {
  expect(asAccount({ privileged: false }, launch)).toEqual({ ...launch, user: undefined });
});

test('root runs it as another user', () => {
  expect(asAccount({ user, privileged: false }, launch)).toEqual({ ...launch, user });
});

test('root below a closed folder keeps the one right that is needed', () => {
  const { command, args, user: switched } = asAccount({ user, privileged: true }, launch);
  expect(switched).toBeUndefined();
  expect([command, ...args]).toEqual([
    'setpriv',
    '--reuid=101',
    '--regid=104',
    '--clear-groups',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
    '/bin/postgres',
    '-D',
    '/data',
  ]);
});

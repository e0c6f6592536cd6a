import { ACCESS, isAllowed, type Role, type Rule } from './access';

const rules = Object.entries(ACCESS).flatMap(([resource, actions]) =>
  Object.keys(actions).map((action) => [resource, action] as unknown as Rule),
);
const allowedTo = (role: Role) => rules.filter((rule) => isAllowed(role, rule)).map((rule) => rule.join(':'));

it('lets strangers in at the door only', () => {
  expect(allowedTo('anonymous')).toEqual([
    'health:read',
    'docs:read',
    'account:register',
    'account:login',
    'account:refresh',
    'account:recover',
    'account:verify',
    'capability:read',
  ]);
});

it('gives a service no password to change and no session to end', () => {
  expect(allowedTo('service')).not.toContain('account:change');
  expect(allowedTo('service')).not.toContain('session:end');
  expect(allowedTo('service')).toContain('job:create');
});

it.each(['student', 'teacher', 'admin'] as const)('lets a %s do everything that strangers may', (role) => {
  expect(allowedTo(role)).toEqual(expect.arrayContaining(allowedTo('anonymous')));
});

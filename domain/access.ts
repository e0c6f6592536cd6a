/** Who may do what: the one table that the API enforces, its documents show and its tests walk. */

export const roles = ['anonymous', 'student', 'teacher', 'admin', 'service'] as const;
export type Role = (typeof roles)[number];

export const tiers = ['free', 'premium'] as const;
export type Tier = (typeof tiers)[number];

const ANYBODY: readonly Role[] = roles;
/** Whoever has proved who they are. For private resources this means: their own; others' do not exist for them. */
const KNOWN: readonly Role[] = ['student', 'teacher', 'admin', 'service'];
/** Who came in by a password. */
const PEOPLE: readonly Role[] = ['student', 'teacher', 'admin'];

/** Who answers for the installation. */
const OPERATORS: readonly Role[] = ['admin'];

/** resource → action → roles. */
export const ACCESS = {
  health: { read: ANYBODY },
  docs: { read: ANYBODY },
  account: {
    register: ANYBODY,
    login: ANYBODY,
    refresh: ANYBODY,
    recover: ANYBODY,
    verify: ANYBODY,
    read: KNOWN,
    change: PEOPLE,
  },
  session: { list: PEOPLE, end: PEOPLE },
  content: { create: KNOWN, read: KNOWN },
  job: { create: KNOWN, read: KNOWN, control: KNOWN, erase: KNOWN },
  artifact: { read: KNOWN },
  capability: { read: ANYBODY },
  provider: { read: OPERATORS, control: OPERATORS },
  usage: { read: KNOWN },
  budget: { read: OPERATORS, set: OPERATORS },
} as const satisfies Readonly<Record<string, Readonly<Record<string, readonly Role[]>>>>;

export type Resource = keyof typeof ACCESS;

/** A resource and one of its actions. */
export type Rule = { [R in Resource]: readonly [R, keyof (typeof ACCESS)[R]] }[Resource];

export function isAllowed(role: Role, [resource, action]: Rule): boolean {
  const actions: Readonly<Record<string, readonly Role[]>> = ACCESS[resource];
  return actions[action]?.includes(role) ?? false;
}

/** Which request comes when, where there are several kinds. */
import type { Plan } from './load';

/**
 * Each kind as often as its share, spread as evenly as possible: the one that is furthest behind comes next
 * (nginx calls this smooth weighted round-robin).
 */
export function spread<Kind extends string>(shares: Readonly<Record<Kind, number>>): Kind[] {
  const kinds = Object.entries(shares) as [Kind, number][];
  const total = kinds.reduce((sum, [, share]) => sum + share, 0);
  const behind = new Map(kinds.map(([kind]) => [kind, 0]));
  return Array.from({ length: total }, () => {
    for (const [kind, share] of kinds) behind.set(kind, (behind.get(kind) ?? 0) + share);
    const [next] = kinds.reduce((most, one) =>
      (behind.get(one[0]) ?? 0) > (behind.get(most[0]) ?? 0) ? one : most,
    );
    behind.set(next, (behind.get(next) ?? 0) - total);
    return next;
  });
}

/** Every account in turn, and each of them through all kinds, beginning with another one. */
export function turnOf<Kind, Account>(
  index: number,
  { kinds, accounts }: { readonly kinds: readonly Kind[]; readonly accounts: readonly Account[] },
): { kind: Kind; account: Account } {
  const who = index % accounts.length;
  const round = Math.floor(index / accounts.length);
  return { account: accounts[who] as Account, kind: kinds[(who + round) % kinds.length] as Kind };
}

/** How often during a load an account comes to the same one of so many kinds, at most. */
export const repeatsOf = ({ perSecond, seconds }: Plan, accounts: number, kinds: number): number =>
  Math.ceil((perSecond * seconds) / accounts / kinds);

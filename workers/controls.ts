/** What operators have set for providers, as this worker knows it: asked for every two seconds. */
import { heldBecause } from '../domain/control';
import type { Db } from '../prisma/client';

const EVERY_MS = 2_000;

export interface Controls {
  /** Why a provider may not be called; undefined: it may. */
  held(provider: string): string | undefined;
  stop(): void;
}

/** While the database is away, what was last known counts. */
export async function watchControls(
  db: Db,
  { onError, everyMs = EVERY_MS }: { onError: (error: unknown) => void; everyMs?: number },
): Promise<Controls> {
  let paused: ReadonlyMap<string, string> = new Map();
  const look = async () => {
    const rows = await db.provider_controls.findMany({ where: { paused: true } });
    paused = new Map(rows.map(({ provider, reason }) => [provider, heldBecause(reason)]));
  };
  await look();
  const timer = setInterval(() => void look().catch(onError), everyMs);
  return { held: (provider) => paused.get(provider), stop: () => clearInterval(timer) };
}

/** Counts what is made: the database itself notes each time a step's result is begun and kept. */
import pg from 'pg';

/** One connection per question: the server may have been killed since the last one. */
export async function ask<Row extends object>(
  url: string,
  sql: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined); // the rejected call says it
  try {
    await client.connect();
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * Taking the lease comes right before the one call that makes the result, and renewing it does not name its holder;
 * so `begun` is a call of the engine, and `kept` its finished result.
 */
const NOTES = `
  CREATE TABLE made_results (id serial PRIMARY KEY, key text, step text, what text);
  CREATE FUNCTION note_made() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NEW.blob IS NOT NULL THEN
      INSERT INTO made_results (key, step, what) VALUES (NEW.key, NEW.step, 'kept');
    ELSIF NEW.lease_holder IS NOT NULL THEN
      INSERT INTO made_results (key, step, what) VALUES (NEW.key, NEW.step, 'begun');
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER note_made AFTER INSERT OR UPDATE OF blob, lease_holder ON step_results
    FOR EACH ROW EXECUTE FUNCTION note_made();`;

export interface Note {
  readonly id: number;
  readonly key: string;
  readonly step: string;
  readonly what: 'begun' | 'kept';
}

/** Steps of which something was begun again after it was kept. */
export function madeAgain(notes: readonly Note[]): string[] {
  const kept = new Set<string>();
  return notes.flatMap(({ key, step, what }) => {
    if (kept.has(key)) return [step];
    if (what === 'kept') kept.add(key);
    return [];
  });
}

/** Steps whose result was begun more than once. */
export function begunTwice(notes: readonly Note[]): string[] {
  const begun = new Set<string>();
  return notes.flatMap(({ key, step, what }) => {
    if (what === 'kept') return [];
    if (begun.has(key)) return [step];
    begun.add(key);
    return [];
  });
}

export interface MadeResults {
  /** Everything noted after this note. */
  after(id: number): Promise<Note[]>;
  last(): Promise<number>;
}

export async function countMadeResults(url: string): Promise<MadeResults> {
  await ask(url, NOTES);
  return {
    after: (id) =>
      ask<Note>(url, 'SELECT id, key, step, what FROM made_results WHERE id > $1 ORDER BY id', [id]),
    last: async () =>
      (await ask<{ id: number }>(url, 'SELECT coalesce(max(id), 0)::int AS id FROM made_results'))[0]!.id,
  };
}

/** Migrations only go forward: what has landed stays as it is, and the version before can live with it. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { findBreaking } from './additive';

const FOLDER = path.join(__dirname, 'migrations');
const names = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

const sqlOf = (name: string) => readFileSync(path.join(FOLDER, name, 'migration.sql'), 'utf8');

/** Migrations that the version before cannot live with, each with the reason why that is all right. */
const BREAKING: Readonly<Record<string, string>> = {};

const HOW =
  'A new migration gets its line by: (cd prisma/migrations && sha256sum */migration.sql > SHA256SUMS)';

test('no migration that has landed was edited, and each has its line in SHA256SUMS', () => {
  const sums = names.map((name) => {
    const sum = createHash('sha256').update(sqlOf(name)).digest('hex');
    return `${sum}  ${name}/migration.sql\n`;
  });
  expect({ [HOW]: readFileSync(path.join(FOLDER, 'SHA256SUMS'), 'utf8') }).toEqual({ [HOW]: sums.join('') });
});

test.each(names)('%s leaves the version before able to read and write', (name) => {
  if (name in BREAKING) expect(BREAKING[name]).not.toBe('');
  else expect(findBreaking(sqlOf(name))).toEqual([]);
});

test.each([
  'ALTER TABLE "jobs" DROP COLUMN "title"',
  'DROP INDEX "jobs_status_created_at_idx"',
  'ALTER TABLE "jobs" ADD COLUMN "mood" TEXT, DROP COLUMN "phase"',
  'ALTER TABLE "jobs" RENAME COLUMN "title" TO "name"',
  'ALTER TABLE "jobs" RENAME TO "tasks"',
  'ALTER TABLE "jobs" ALTER COLUMN "title" SET DATA TYPE VARCHAR(10)',
  'ALTER TABLE "jobs"\n  ALTER COLUMN "phase"\n  SET NOT NULL',
  'ALTER TYPE "mood" ADD VALUE \'sad\'',
  'ALTER TABLE "jobs" ADD COLUMN "a" TEXT NOT NULL DEFAULT \'x\', ADD COLUMN "mood" TEXT NOT NULL',
  'ALTER TABLE "jobs" ADD CONSTRAINT "short" CHECK (length(title) < 10)',
  'CREATE UNIQUE INDEX "jobs_title_key" ON "jobs"("title")',
  'DELETE FROM "jobs"',
  'TRUNCATE "jobs"',
  'CREATE INDEX CONCURRENTLY "i" ON "jobs"("title")',
  'COMMIT',
  'DO $$ BEGIN NULL; END $$',
])('would tell of %j', (sql) => {
  expect(findBreaking(`-- as it was\nUPDATE "jobs" SET "title" = ';';\n${sql};\n`)).not.toEqual([]);
});

test.each([
  'ALTER TABLE "jobs" ADD COLUMN "mood" TEXT',
  'ALTER TABLE "jobs" ADD COLUMN "mood" TEXT NOT NULL DEFAULT \'calm\'',
  'CREATE INDEX "i" ON "jobs"("title")',
  'CREATE TABLE "new" ("id" UUID NOT NULL); CREATE UNIQUE INDEX "i" ON "new"("id"); ALTER TABLE "new" ADD CONSTRAINT "c" FOREIGN KEY ("id") REFERENCES "jobs"("id") ON DELETE CASCADE',
  'UPDATE "jobs" SET "title" = \'DROP; RENAME\' -- DROP',
])('has nothing to say about %j', (sql) => {
  expect(findBreaking(sql)).toEqual([]);
});

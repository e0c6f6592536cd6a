/**
 * What in a migration the version before could not live with: while it is applied, processes of that version still
 * read and write, and there is no way back. A pattern match, so it errs on the strict side.
 */
interface Rule {
  readonly pattern: RegExp;
  readonly why: string;
  /** Of no harm to a table that the same migration creates: nobody knows it yet. */
  readonly exceptNew?: boolean;
}

const RULES: readonly Rule[] = [
  { pattern: /\bDROP\b/i, why: 'it may still be read' },
  { pattern: /\bRENAME\b/i, why: 'it may still be read under its old name' },
  { pattern: /\bALTER TYPE\b|\bALTER COLUMN\b.*\bTYPE\b/i, why: 'it may still be read as what it was' },
  { pattern: /\bSET NOT NULL\b/i, why: 'rows without it may be there, or still be written' },
  { pattern: /^(DELETE|TRUNCATE)\b/i, why: 'rows are removed by the upkeep, not by migrations' },
  {
    ...{ pattern: /\bADD CONSTRAINT\b|\bCREATE UNIQUE INDEX\b/i, exceptNew: true },
    why: 'rows that break it may be there, or still be written',
  },
  {
    ...{ pattern: /\bADD COLUMN\b(?![^,]*\bDEFAULT\b)[^,]*\bNOT NULL\b/i, exceptNew: true },
    why: 'the version before writes rows without it',
  },
  { pattern: /^(BEGIN|COMMIT|ROLLBACK)\b|\bCONCURRENTLY\b/i, why: 'a migration is one transaction' },
  { pattern: /\$\w*\$/, why: 'this check does not see into a block of code' },
];

/** Without comments and without what stands in strings, so that a semicolon ends a statement. */
const statementsOf = (sql: string): string[] =>
  sql
    .replace(/--.*$/gm, '')
    .replace(/'(?:[^']|'')*'/g, "''")
    .split(';')
    .map((statement) => statement.replace(/\s+/g, ' ').trim())
    .filter(Boolean);

const tableIn = (statement: string): string | undefined =>
  /\b(?:ALTER TABLE|ON)(?: ONLY)? "?(\w+)"?/i.exec(statement)?.[1];

/** Each is a statement and what is wrong with it. */
export function findBreaking(sql: string): string[] {
  const statements = statementsOf(sql);
  const created = statements.map((one) => /^CREATE TABLE (?:IF NOT EXISTS )?"?(\w+)"?/i.exec(one)?.[1]);
  return statements.flatMap((statement) =>
    RULES.filter(({ pattern, exceptNew }) => {
      const table = exceptNew && tableIn(statement);
      return pattern.test(statement) && !(table && created.includes(table));
    }).map(({ why }) => `${statement}: ${why}`),
  );
}

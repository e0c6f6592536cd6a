/** The one table, for a terminal and for Markdown. */
import type { Figure } from './scenario';

const HEAD = ['what', 'measured', 'bar', 'held'] as const;

const cellsOf = ({ what, measured, bar, held }: Figure): string[] => [
  what,
  measured,
  bar,
  held ? 'yes' : 'NO',
];

/** Columns as wide as their widest cell; what stands beside a figure follows on a line of its own. */
export function plainTable(figures: readonly Figure[]): string {
  const rows = figures.map(cellsOf);
  const widths = HEAD.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width));
  const body = figures.flatMap(({ beside }, index) => [
    line(rows[index] ?? []),
    ...(beside ? [`    ${beside}`] : []),
  ]);
  return [line(HEAD), line(rule), ...body].join('\n');
}

const escaped = (cell: string): string => cell.replaceAll('|', '\\|').replaceAll('\n', ' ');

export function markdownTable(figures: readonly Figure[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(' | ')} |`;
  return [line(HEAD), '|---|---|---|---|', ...figures.map((figure) => line(cellsOf(figure)))].join('\n');
}

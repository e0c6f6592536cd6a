/** A table as Prettier would write it; the first row is its head. */
const line = (cells: readonly string[], widths: readonly number[]): string =>
  `| ${cells.map((cell, index) => cell.padEnd(widths[index]!)).join(' | ')} |`;

export function markdownTable(rows: readonly string[][]): string {
  const [head, ...body] = rows;
  const widths = head!.map((_, column) => Math.max(3, ...rows.map((row) => row[column]!.length)));
  const rule = widths.map((width) => '-'.repeat(width));
  return [head!, rule, ...body].map((row) => line(row, widths)).join('\n');
}

import { markdownTable, plainTable } from './table';

const figures = [
  { what: 'short', measured: '1 ms', bar: '≤ 10 ms', held: true, beside: 'p50 0.5 ms' },
  { what: 'a | longer name', measured: '12 ms', bar: '≤ 5 ms', held: false },
];

test('aligns its columns for a terminal', () => {
  expect(plainTable(figures).split('\n')).toEqual([
    'what             measured  bar      held',
    '---------------  --------  -------  ----',
    'short            1 ms      ≤ 10 ms  yes',
    '    p50 0.5 ms',
    'a | longer name  12 ms     ≤ 5 ms   NO',
  ]);
});

test('escapes what would break a Markdown table', () => {
  expect(markdownTable(figures).split('\n')).toEqual([
    '| what | measured | bar | held |',
    '|---|---|---|---|',
    '| short | 1 ms | ≤ 10 ms | yes |',
    '| a \\| longer name | 12 ms | ≤ 5 ms | NO |',
  ]);
});

test('without figures there is the head alone', () => {
  expect(plainTable([]).split('\n')).toHaveLength(2);
  expect(markdownTable([]).split('\n')).toHaveLength(2);
});

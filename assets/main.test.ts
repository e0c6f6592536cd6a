import { progressLines } from './main';

it('prints a line per tenth of a download and per change', () => {
  const lines: string[] = [];
  const report = progressLines((line) => lines.push(line));
  report({ asset: 'mpnet', doing: 'downloading model' });
  for (const received of [1, 5, 12, 19, 100]) {
    report({ asset: 'mpnet', doing: 'downloading model', received, total: 100 });
  }
  expect(lines).toEqual([
    'mpnet: downloading model',
    'mpnet: downloading model 0 %',
    'mpnet: downloading model 10 %',
    'mpnet: downloading model 100 %',
  ]);
});

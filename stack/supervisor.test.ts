import type { PartName } from './part';
import { stopOrder } from './supervisor';

const running = (...names: PartName[]) => names.map((name) => ({ part: { name } }));
const namesOf = (groups: { part: { name: PartName } }[][]) =>
  groups.map((group) => group.map((one) => one.part.name));

test('who takes work stops first, who holds state last', () => {
  const all = running('temporal', 'database', 'redis', 'chroma', 'worker', 'api');
  expect(namesOf(stopOrder(all))).toEqual([
    ['api'],
    ['worker'],
    ['database', 'redis', 'chroma'],
    ['temporal'],
  ]);
});

test('parts that do not run leave no gap', () => {
  expect(namesOf(stopOrder(running('temporal', 'chroma')))).toEqual([['chroma'], ['temporal']]);
  expect(stopOrder([])).toEqual([]);
});

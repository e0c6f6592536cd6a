import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runStep } from './steps';

const ARCHIVE = join(__dirname, '__fixtures__', 'lm_demo-1.0-py3-none-any.whl');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steps-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('joins parts in order and removes them', async () => {
  await writeFile(join(folder, 'part.1'), 'one ');
  await writeFile(join(folder, 'part.2'), 'two');
  await runStep({ kind: 'join', parts: ['part.1', 'part.2'], into: 'whole' }, folder);
  expect(await readFile(join(folder, 'whole'), 'utf8')).toBe('one two');
  expect(await readdir(folder)).toEqual(['whole']);
});

it('unzips the wanted members and removes the archive', async () => {
  await copyFile(ARCHIVE, join(folder, 'a.zip'));
  await runStep({ kind: 'unzip', archive: 'a.zip', members: { 'lm_demo/data.txt': 'data' } }, folder);
  expect(await readFile(join(folder, 'data'), 'utf8')).toBe('hello from a wheel\n');
  expect(await readdir(folder)).toEqual(['data']);
});

it('names the member that an archive lacks', async () => {
  await copyFile(ARCHIVE, join(folder, 'a.zip'));
  const step = { kind: 'unzip', archive: 'a.zip', members: { 'lm_demo/no.txt': 'no' } } as const;
  await expect(runStep(step, folder)).rejects.toThrow('lm_demo/no.txt');
});

it('unpacks espeak data into folders', async () => {
  await writeFile(join(folder, 'espeak-ng.js'), '{filename:"/x/espeak-ng-data/lang/en",start:1,end:3}');
  await writeFile(join(folder, 'espeak-ng.data'), 'abcd');
  await runStep({ kind: 'convert', by: 'espeak-data', into: 'data' }, folder);
  expect(await readFile(join(folder, 'data', 'lang', 'en'), 'utf8')).toBe('bc');
});

it('writes moonshine tokens one to a line', async () => {
  await writeFile(join(folder, 'tokenizer.bin'), Buffer.from('\x01a\x02bc'));
  await runStep({ kind: 'convert', by: 'moonshine-tokens', into: 'tokens.txt' }, folder);
  expect(await readFile(join(folder, 'tokens.txt'), 'utf8')).toBe('YQ==\nYmM=\n');
});

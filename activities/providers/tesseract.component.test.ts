import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Resvg } from '@resvg/resvg-js';
import { MEDIA_TYPES, PAGE, PAGE_TEXT } from './__fixtures__/page';
import { ocrConformance } from './conformance-ocr';
import { expectProviderError, unaborted } from './conformance-suite';
import { tesseractOcr, type TesseractSettings } from './tesseract';

const make = (over: Partial<TesseractSettings> = {}) =>
  tesseractOcr({ processes: 1, idleMs: 10_000, ...over });

ocrConformance('tesseract', () => make(), { broken: () => make({ dataDir: '/nowhere' }) });

const png = { image: PAGE['image/png'], media_type: 'image/png' } as const;
const signal = unaborted();

/** Processes of this kind that this one has started. */
function children(): string[] {
  const lines = execFileSync('ps', ['-A', '-o', 'ppid=,pid=,args=']).toString().split('\n');
  return lines.filter((line) => line.trim().startsWith(`${process.pid} `) && /engines.tesseract/.test(line));
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20);
}

/** A thousand lines of dashes and boxes keep it busy for seconds. */
function busyPicture(): Uint8Array {
  const marks = Array.from(
    { length: 6_000 },
    (_, index) =>
      `<path d="M${(index % 80) * 30} ${Math.floor(index / 80) * 30}h14v${3 + (index % 11)}h-9l6 9z" fill="#222"/>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="2400" height="2300"><rect width="100%" height="100%" fill="#fff"/>${marks.join('')}</svg>`;
  return new Resvg(svg).render().asPng();
}

test('refuses a damaged file of each kind, and reads the next one in the same process', async () => {
  const engine = make();
  await engine.recognize({ ...png, signal });
  const before = children();
  for (const media_type of MEDIA_TYPES) {
    const image = PAGE[media_type].subarray(0, PAGE[media_type].length / 2);
    const facts = { code: 'BAD_IMAGE', transient: false };
    await expectProviderError(engine.recognize({ image, media_type, signal }), facts);
  }
  expect((await engine.recognize({ ...png, signal })).text).toBe(PAGE_TEXT);
  expect(children()).toEqual(before);
});

test('ends its process within a second when aborted in the midst of a page, and starts another', async () => {
  const others = children();
  const engine = make();
  await engine.recognize({ ...png, signal });
  const busy = children().filter((child) => !others.includes(child));
  expect(busy).toHaveLength(1);
  const image = busyPicture();
  const controller = new AbortController();
  const reason = new Error('aborted');
  const call = engine.recognize({ ...png, image, signal: controller.signal });
  setTimeout(() => controller.abort(reason), 300);
  const began = performance.now();
  await expect(call).rejects.toBe(reason);
  expect(performance.now() - began).toBeLessThan(1_300);
  await until(() => !children().some((child) => busy.includes(child)));
  expect((await engine.recognize({ ...png, signal })).text).toBe(PAGE_TEXT);
});

test('leaves memory when it has been idle', async () => {
  const others = children();
  const mine = () => children().filter((child) => !others.includes(child));
  await make({ idleMs: 200 }).recognize({ ...png, signal });
  expect(mine()).toHaveLength(1);
  await until(() => mine().length === 0);
});

test('says so when its data is damaged, instead of waiting for ever', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tesseract-'));
  await writeFile(join(dataDir, 'eng.traineddata.gz'), 'not what it should be');
  const call = make({ dataDir }).recognize({ ...png, signal });
  await expectProviderError(call, { code: 'ENGINE_FAILED', transient: false });
  await rm(dataDir, { recursive: true });
});

test('is nearly, not wholly, sure of clear print', async () => {
  const { confidence, words } = await make().recognize({ ...png, signal });
  for (const share of [confidence ?? 0, ...words.map((word) => word.confidence)]) {
    expect(share).toBeGreaterThan(0.8);
    expect(share).toBeLessThan(1);
  }
});

test('refuses another language, and takes its own by name', async () => {
  const call = make().recognize({ ...png, language: 'de', signal });
  await expectProviderError(call, { code: 'LANGUAGE_UNSUPPORTED', hint: 'It reads en.' });
  expect((await make().recognize({ ...png, language: 'en', signal })).text).toBe(PAGE_TEXT);
});

test('refuses more pixels than its memory holds, before it starts', async () => {
  const image = Buffer.from(PAGE['image/png']);
  image.writeUInt32BE(30_000, 16);
  image.writeUInt32BE(30_000, 20);
  const call = make().recognize({ ...png, image, signal });
  await expectProviderError(call, { code: 'TOO_LARGE', transient: false, hint: 'Send a smaller picture.' });
});

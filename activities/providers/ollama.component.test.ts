import { DIMENSION, startOllamaServer } from './__fixtures__/ollama-server';
import type { FaultScript } from './__fixtures__/faults';
import { PAGE, PAGE_TEXT } from './__fixtures__/page';
import type { VendorServer } from './__fixtures__/vendor-server';
import { embedderConformance } from './conformance';
import { languageModelConformance } from './conformance-language-model';
import { ocrConformance } from './conformance-ocr';
import { ollamaEmbedder, ollamaLanguageModel, ollamaOcr, type OllamaSettings } from './ollama';
import type { Units } from './spec';

let server: VendorServer;
beforeAll(async () => {
  server = await startOllamaServer();
});
afterAll(() => server.close());
/** Late enough that an abort meets a call under way. */
const LATE: FaultScript[string] = [{ kind: 'delay', ms: 100 }];
beforeEach(() => server.faults({ '/api/chat': LATE, '/api/embed': LATE }));

const at = (model: string): OllamaSettings => ({ baseUrl: server.url, model });
const embedder = (model = 'nomic-embed-text', dimension = DIMENSION) =>
  ollamaEmbedder({ ...at(model), dimension });
/** Nothing listens on port 1. */
const nowhere = { baseUrl: 'http://127.0.0.1:1', model: 'llama3.2:3b' };

languageModelConformance('ollama', () => ollamaLanguageModel(at('llama3.2:3b')), {
  broken: () => ollamaLanguageModel(nowhere),
});
embedderConformance('ollama', () => embedder(), {
  broken: () => ollamaEmbedder({ ...nowhere, dimension: DIMENSION }),
});
ocrConformance('ollama', () => ollamaOcr(at('qwen2.5vl:7b')), { broken: () => ollamaOcr(nowhere) });

const signal = new AbortController().signal;
const ask = (model = 'llama3.2:3b', max_tokens = 200) =>
  ollamaLanguageModel(at(model)).generate({ system: '', prompt: 'Hello', max_tokens, signal });

test('a model that was never pulled is permanent, with the vendor’s cure', async () => {
  await expect(ask('unknown')).rejects.toMatchObject({
    message: expect.stringContaining('try pulling it first'),
    facts: { provider: 'ollama', code: 'NOT_FOUND', transient: false },
  });
});

test('an answer that was cut is no result', async () => {
  await expect(ask('llama3.2:3b', 2)).rejects.toMatchObject({
    facts: { code: 'TRUNCATED', transient: false },
  });
});

test.each<[string, FaultScript[string][number], string]>([
  ['too busy', { kind: 'status', status: 503, body: { error: 'server busy' } }, 'UNAVAILABLE'],
  ['a crash of the model', { kind: 'status', status: 500 }, 'UNAVAILABLE'],
  ['a cut connection', { kind: 'reset' }, 'NETWORK'],
  ['half an answer', { kind: 'truncate' }, 'NETWORK'],
  ['something else on its port', { kind: 'garbage' }, 'BAD_ANSWER'],
])('%s is transient', async (_what, fault, code) => {
  server.faults({ '/api/chat': [fault] });
  await expect(ask()).rejects.toMatchObject({ facts: { code, transient: true } });
});

test('a model of another dimension is refused, with those that fit', async () => {
  await expect(embedder('all-minilm', 384).embed({ texts: ['Plates move.'], signal })).rejects.toMatchObject({
    message: 'ollama: all-minilm gives 768 numbers, not 384',
    facts: { code: 'WRONG_DIMENSION', transient: false, hint: expect.stringContaining('nomic') },
  });
});

test('a question has another prefix than what answers it, for the model that knows them', async () => {
  const text = 'What do plants make?';
  const vectorOf = async (model: string, of: string, purpose?: 'query' | 'document') =>
    (await embedder(model).embed({ texts: [of], purpose, signal }))[0];
  expect(await vectorOf('nomic-embed-text:v1.5', text, 'query')).toEqual(
    await vectorOf('other', `search_query: ${text}`),
  );
  for (const purpose of ['document', undefined] as const)
    expect(await vectorOf('nomic-embed-text', text, purpose)).toEqual(
      await vectorOf('other', `search_document: ${text}`),
    );
  expect(await vectorOf('other', text, 'query')).toEqual(await vectorOf('other', text));
});

test('vectors are billed, also those of no use', async () => {
  const told: Units[] = [];
  const used = (units: Units) => void told.push(units);
  await embedder().embed({ texts: ['Plates move.', 'Plants grow.'], signal, used });
  await expect(embedder('all-minilm', 384).embed({ texts: ['x'], signal, used })).rejects.toThrow();
  await embedder().embed({ texts: [], signal, used });
  expect(told).toEqual([{ input_tokens: 9 }, { input_tokens: 9 }]);
});

test('a page is billed by its tokens and as an image', async () => {
  const told: Units[] = [];
  const page = await ollamaOcr(at('qwen2.5vl:7b')).recognize({
    ...{ image: PAGE['image/webp'], media_type: 'image/webp', signal },
    used: (units) => void told.push(units),
  });
  expect(page).toEqual({ text: PAGE_TEXT, confidence: null, words: [] });
  expect(told).toEqual([{ input_tokens: 40, output_tokens: 26, images: 1 }]);
});

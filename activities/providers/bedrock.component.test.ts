import { CONVERSE, DIMENSION, INVOKE, startBedrockServer, STREAM } from './__fixtures__/bedrock-server';
import type { FaultScript } from './__fixtures__/faults';
import { PAGE, PAGE_TEXT } from './__fixtures__/page';
import type { VendorServer } from './__fixtures__/vendor-server';
import { bedrockEmbedder, bedrockLanguageModel, bedrockOcr, type BedrockSettings } from './bedrock';
import { embedderConformance } from './conformance';
import { languageModelConformance } from './conformance-language-model';
import { ocrConformance } from './conformance-ocr';
import type { Units } from './spec';

type Fault = FaultScript[string][number];

let server: VendorServer;
beforeAll(async () => {
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIAFIXTURE';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'a-secret-of-a-fixture';
  server = await startBedrockServer();
});
afterAll(() => server.close());
/** Late enough that an abort meets a call under way. */
const LATE: Fault[] = [{ kind: 'delay', ms: 100 }];
beforeEach(() => server.faults({ [CONVERSE]: LATE, [STREAM]: LATE, [INVOKE]: LATE }));

const at = (model: string): BedrockSettings => ({ region: 'eu-central-1', model, endpoint: server.url });
/** Nothing listens on port 1. */
const nowhere = (model: string) => ({ ...at(model), endpoint: 'http://127.0.0.1:1' });

languageModelConformance('bedrock', () => bedrockLanguageModel(at('claude')), {
  broken: () => bedrockLanguageModel(nowhere('claude')),
});
embedderConformance('bedrock', () => bedrockEmbedder({ ...at('titan'), dimension: DIMENSION }), {
  broken: () => bedrockEmbedder({ ...nowhere('titan'), dimension: DIMENSION }),
});
ocrConformance('bedrock', () => bedrockOcr(at('claude')), { broken: () => bedrockOcr(nowhere('claude')) });

const { signal } = new AbortController();
const ask = (over: Partial<BedrockSettings> = {}, max_tokens = 200) =>
  bedrockLanguageModel({ ...at('claude'), ...over }).generate({
    ...{ system: 'You answer.', prompt: 'Hello', max_tokens, signal },
  });

/** As AWS writes an error: its name in a header, its message in the body. */
const refused = (name: string, status: number, headers: Record<string, string> = {}): Fault => ({
  ...{ kind: 'status', status, body: { message: `said by ${name}` } },
  headers: { 'content-type': 'application/json', 'x-amzn-errortype': name, ...headers },
});

test.each([
  ['ThrottlingException', 429, 'RATE_LIMITED', true],
  ['ModelNotReadyException', 429, 'MODEL_NOT_READY', true],
  ['ServiceUnavailableException', 503, 'UNAVAILABLE', true],
  ['InternalServerException', 500, 'UNAVAILABLE', true],
  ['ModelTimeoutException', 408, 'TIMEOUT', true],
  ['ModelErrorException', 424, 'MODEL_FAILED', true],
  ['ModelStreamErrorException', 424, 'MODEL_FAILED', true],
  ['ValidationException', 400, 'BAD_REQUEST', false],
  ['AccessDeniedException', 403, 'FORBIDDEN', false],
  ['ResourceNotFoundException', 404, 'NOT_FOUND', false],
  ['UnrecognizedClientException', 403, 'UNAUTHORIZED', false],
  ['SomethingNewException', 418, 'UNEXPECTED_STATUS', false],
])('%s (%d) is %s, transient: %s, and is asked once', async (name, status, code, transient) => {
  server.faults({ [CONVERSE]: [refused(name, status)] });
  const before = server.calls()[CONVERSE]?.received ?? 0;
  await expect(ask()).rejects.toMatchObject({
    message: expect.stringContaining(`said by ${name}`),
    facts: { provider: 'bedrock', code, transient, status },
  });
  expect(server.calls()[CONVERSE]?.received).toBe(before + 1);
});

test('hands Retry-After on', async () => {
  server.faults({ [CONVERSE]: [refused('ThrottlingException', 429, { 'retry-after': '42' })] });
  await expect(ask()).rejects.toMatchObject({ facts: { retryAfterS: 42 } });
});

test.each<[string, Fault, string]>([
  ['a cut connection', { kind: 'reset' }, 'NETWORK'],
  ['half an answer', { kind: 'truncate' }, 'NETWORK'],
  ['a page of a proxy', { kind: 'garbage' }, 'BAD_ANSWER'],
  ['an answer that does not come', { kind: 'delay', ms: 2_000 }, 'TIMEOUT'],
])('%s is transient', async (_what, fault, code) => {
  server.faults({ [CONVERSE]: [fault] });
  const timeouts = { firstByteMs: 300, totalMs: 5_000 };
  await expect(ask({ timeouts })).rejects.toMatchObject({ facts: { code, transient: true } });
});

test('an answer that was cut is no result', async () => {
  await expect(ask({}, 2)).rejects.toMatchObject({ facts: { code: 'TRUNCATED', transient: false } });
});

test('no error shows the secret', async () => {
  server.faults({ [CONVERSE]: [refused('InvalidSignatureException', 403)] });
  const error = (await ask().catch((reason: unknown) => reason)) as Error;
  expect(JSON.stringify(error) + error.message).not.toContain('a-secret-of-a-fixture');
});

const read = (image: Uint8Array, used?: (units: Units) => void) =>
  bedrockOcr(at('claude')).recognize({ image, media_type: 'image/png', signal, used });

test('a page is billed by its tokens and as an image', async () => {
  const told: Units[] = [];
  const page = await read(PAGE['image/png'], (units) => void told.push(units));
  expect(page).toEqual({ text: PAGE_TEXT, confidence: null, words: [] });
  expect(told).toEqual([{ input_tokens: 40, output_tokens: 20, images: 1 }]);
});

test('a picture that the vendor would refuse is not sent', async () => {
  const before = server.calls()[CONVERSE]?.received;
  const wide = Buffer.from(PAGE['image/png']);
  wide.writeUInt32BE(8_001, 16);
  const heavy = Buffer.concat([PAGE['image/png'], Buffer.alloc(3_750_000)]);
  for (const image of [wide, heavy])
    await expect(read(image)).rejects.toMatchObject({
      facts: { code: 'TOO_LARGE', transient: false, hint: 'Send a smaller picture.' },
    });
  expect(server.calls()[CONVERSE]?.received).toBe(before);
});

test('every vector is billed, also one of no use', async () => {
  const told: Units[] = [];
  const used = (units: Units) => void told.push(units);
  const embedder = bedrockEmbedder({ ...at('titan'), dimension: DIMENSION });
  await embedder.embed({ texts: ['Plates move.', 'Plants grow.'], signal, used });
  expect(told).toEqual([{ input_tokens: 9 }, { input_tokens: 9 }]);
  const body = { embedding: [1], inputTextTokenCount: 5 };
  server.faults({ [INVOKE]: [{ kind: 'status', status: 200, body }] });
  await expect(embedder.embed({ texts: ['x'], signal, used })).rejects.toMatchObject({
    facts: { code: 'BAD_ANSWER' },
  });
  expect(told.at(-1)).toEqual({ input_tokens: 5 });
});

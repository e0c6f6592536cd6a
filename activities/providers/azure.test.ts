import { CancellationErrorCode, PropertyId, type SpeechConfig } from 'microsoft-cognitiveservices-speech-sdk';
import { restUrl, speechConfig } from './azure';
import { cancellation, closeError, refusal } from './azure-errors';
import { chooseVoice, voicesOf } from './azure-voices';
import { azureSpeaker } from './azure-speaker';

const KEY = 'a-key-of-azure-speech';
const settings = (endpoint?: string, region = 'westeurope') => ({ key: KEY, region, endpoint });

describe('the address', () => {
  const of = (config: SpeechConfig, id: PropertyId) => config.getProperty(PropertyId[id]);
  const host = (endpoint?: string) =>
    of(speechConfig(settings(endpoint)), PropertyId.SpeechServiceConnection_Host);
  const region = (endpoint?: string) =>
    of(speechConfig(settings(endpoint)), PropertyId.SpeechServiceConnection_Region);

  it.each([
    ['http://speech.example.org:5000', 'ws://speech.example.org:5000'],
    ['https://speech.example.org/', 'wss://speech.example.org'],
    ['ws://127.0.0.1:5000', 'ws://127.0.0.1:5000'],
    ['wss://speech.example.org', 'wss://speech.example.org'],
    ['https://mine.cognitiveservices.azure.com/', 'wss://mine.cognitiveservices.azure.com'],
  ])('%s is reached at %s', (endpoint, expected) => {
    expect(host(endpoint)).toBe(expected);
  });

  it('is the region’s where none is given, and where the portal’s is', () => {
    expect(region()).toBe('westeurope');
    expect(region('https://westeurope.api.cognitive.microsoft.com/')).toBe('westeurope');
    expect(host('https://westeurope.api.cognitive.microsoft.com/')).toBeUndefined();
  });

  it.each([
    [undefined, 'westeurope', 'https://westeurope.api.cognitive.microsoft.com'],
    [undefined, 'chinaeast2', 'https://chinaeast2.api.cognitive.azure.cn'],
    [undefined, 'usgovarizona', 'https://usgovarizona.api.cognitive.microsoft.us'],
    ['ws://127.0.0.1:5000', 'westeurope', 'http://127.0.0.1:5000'],
    ['https://mine.cognitiveservices.azure.com/', 'westeurope', 'https://mine.cognitiveservices.azure.com'],
  ])('%s in %s has its REST API at %s', (endpoint, of_, url) => {
    expect(restUrl(settings(endpoint, of_))).toBe(url);
  });
});

it('has the SDK try once', () => {
  expect(speechConfig(settings()).getProperty('SPEECH-Error-MaxRetryCount')).toBe('0');
});

describe('a close', () => {
  it.each([
    [1006, '', 'NETWORK', true],
    [1000, '', 'UNAVAILABLE', true],
    [1001, 'going away', 'UNAVAILABLE', true],
    [1002, '', 'BAD_REQUEST', false],
    [1003, '', 'BAD_REQUEST', false],
    [1007, 'Unsupported voice', 'BAD_REQUEST', false],
    [1007, 'Quota exceeded. Cid: 1', 'RATE_LIMITED', true],
    [1007, 'Throttled due to too many requests', 'RATE_LIMITED', true],
    [1007, 'Validation failed with status: TooManyRequests', 'RATE_LIMITED', true],
    [1007, 'Authentication failed', 'UNAUTHORIZED', false],
    [1008, 'Forbidden', 'FORBIDDEN', false],
    [1011, 'internal error', 'UNAVAILABLE', true],
    [1013, 'Status(StatusCode="ResourceExhausted")', 'RATE_LIMITED', true],
    [1013, 'try again later', 'UNAVAILABLE', true],
    [1007, 'Timeout while waiting for audio', 'TIMEOUT', true],
    [4429, '', 'RATE_LIMITED', true],
    [4401, '', 'UNAUTHORIZED', false],
    [4503, '', 'UNAVAILABLE', true],
    [4000, '', 'BAD_REQUEST', false],
    [3999, '', 'UNAVAILABLE', true],
  ])('with %d "%s" is %s', (code, reason, expected, transient) => {
    expect(closeError({ code, reason }, KEY).facts).toMatchObject({ code: expected, transient });
  });

  it('is told in the service’s words, without the key, on one line, cut', () => {
    const reason = `no ${KEY}\r\n${'x'.repeat(300)}`;
    expect(closeError({ code: 1011, reason }, KEY).message).toBe(
      `azure: closed with 1011: no [secret] ${'x'.repeat(188)}`,
    );
  });
});

it.each([
  [CancellationErrorCode.NoError, 'UNAVAILABLE', true],
  [CancellationErrorCode.AuthenticationFailure, 'UNAUTHORIZED', false],
  [CancellationErrorCode.BadRequestParameters, 'BAD_REQUEST', false],
  [CancellationErrorCode.TooManyRequests, 'RATE_LIMITED', true],
  [CancellationErrorCode.ConnectionFailure, 'NETWORK', true],
  [CancellationErrorCode.ServiceTimeout, 'TIMEOUT', true],
  [CancellationErrorCode.ServiceError, 'UNAVAILABLE', true],
  [CancellationErrorCode.RuntimeError, 'NETWORK', true],
  [CancellationErrorCode.Forbidden, 'RATE_LIMITED', true],
  [99 as CancellationErrorCode, 'UNAVAILABLE', true],
])('a cancellation %d is %s', (errorCode, code, transient) => {
  expect(cancellation(errorCode).facts).toMatchObject({ provider: 'azure', code, transient });
});

it('says what to do about a refusal', () => {
  expect(refusal(401, null).facts.hint).toMatch('AZURE_SPEECH_KEY');
  expect(refusal(429, '9').facts).toMatchObject({ retryAfterS: 9, hint: expect.stringContaining('quota') });
});

describe('voices', () => {
  const voices = voicesOf('en-US-AvaMultilingualNeural');
  const of = (over: { voice?: string; language?: string }) => chooseVoice(voices, over).id;

  it('has the configured one first, once, also one that it does not know', () => {
    expect(voicesOf('de-DE-KatjaNeural')[0]).toEqual({
      id: 'de-DE-KatjaNeural',
      name: 'Katja',
      language: 'de-DE',
    });
    expect(voicesOf('de-DE-KatjaNeural')).toHaveLength(voices.length);
    expect(voicesOf('sr-Latn-RS-NicholasNeural')[0]).toMatchObject({
      language: 'sr-Latn-RS',
      name: 'Nicholas',
    });
    expect(voicesOf('MyOwnVoiceNeural')[0]).toMatchObject({ id: 'MyOwnVoiceNeural', language: 'en-US' });
    expect(azureSpeaker({ ...settings(), voice: 'fr-FR-DeniseNeural' }).voices[0]).toMatchObject({
      language: 'fr-FR',
    });
  });

  it.each([
    [{}, 'en-US-AvaMultilingualNeural'],
    [{ language: 'en' }, 'en-US-AvaMultilingualNeural'],
    [{ language: 'en-GB' }, 'en-GB-LibbyNeural'],
    [{ language: 'de-CH' }, 'de-DE-KatjaNeural'],
    [{ language: 'no' }, 'nb-NO-PernilleNeural'],
    [{ language: 'de', voice: 'fr-FR-DeniseNeural' }, 'fr-FR-DeniseNeural'],
  ])('%j is spoken by %s', (over, id) => {
    expect(of(over)).toBe(id);
  });

  it('refuses a voice and a language that it does not have', () => {
    expect(() => of({ voice: 'nobody' })).toThrow(
      expect.objectContaining({ facts: expect.objectContaining({ code: 'VOICE_UNKNOWN' }) }),
    );
    expect(() => of({ language: 'zxx' })).toThrow(
      expect.objectContaining({ facts: expect.objectContaining({ code: 'LANGUAGE_UNSUPPORTED' }) }),
    );
  });
});

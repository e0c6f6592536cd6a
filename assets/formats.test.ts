import { tokenBytes } from './byte-level-bpe';
import { readTokens } from './convert-moonshine-tokens';
import { metadataFields, phonemeTable } from './convert-piper';
import { packedFiles } from './espeak-data';
import { halfToNumber, numberToHalf, widenHalves } from './half-float';
import { BINS, melFilters } from './mel-filters';
import { bytesField, floatField, integerField, varint } from './protobuf';

it.each([
  [0x0000, 0],
  [0x3c00, 1],
  [0xc000, -2],
  [0x3555, 0.333251953125],
  [0x0001, 2 ** -24],
  [0x7bff, 65504],
])('reads the half-precision float %#', (bits, value) => {
  expect(halfToNumber(bits)).toBe(value);
});

it.each([0x0000, 0x0001, 0x03ff, 0x0400, 0x1234, 0x3555, 0x3c00, 0x7bff])(
  'writes the half %# back',
  (bits) => {
    expect(numberToHalf(halfToNumber(bits))).toBe(bits);
  },
);

it('writes the nearest half, also where that is the next power of two', () => {
  expect(numberToHalf(1 / 3)).toBe(0x3555);
  expect(numberToHalf(1.9999)).toBe(0x4000);
});

it('widens half floats in order', () => {
  const wide = widenHalves(Buffer.from([0x00, 0x3c, 0x00, 0xc0]));
  expect([wide.readFloatLE(0), wide.readFloatLE(4)]).toEqual([1, -2]);
});

it('makes mel filters that are triangles of equal area', () => {
  const filters = melFilters(80);
  expect(filters).toHaveLength(80 * BINS);
  const last = filters.subarray(79 * BINS);
  const area = last.reduce((sum, height) => sum + height, 0) * 40; // bins are 40 Hz apart
  expect(area).toBeCloseTo(1, 1);
  // librosa.filters.mel(sr=16000, n_fft=400, n_mels=80)[0, 1]
  expect(filters[1]).toBeCloseTo(0.02486259, 5);
});

it('turns tokens of a byte-level vocabulary into bytes', () => {
  expect(tokenBytes('Ġworld').toString()).toBe(' world');
  expect(tokenBytes('ĊĊ').toString()).toBe('\n\n');
  expect(tokenBytes('Ã¼').toString()).toBe('ü');
});

it('reads moonshine tokens with short and long lengths', () => {
  const long = Buffer.alloc(200, 'x');
  const file = Buffer.concat([Buffer.of(2), Buffer.from('ab'), Buffer.of(0), Buffer.of(128 + 72, 1), long]);
  expect(readTokens(file).map((token) => token.length)).toEqual([2, 0, 200]);
});

describe('a piper voice', () => {
  const config = {
    audio: { sample_rate: 22050 },
    espeak: { voice: 'en-us' },
    num_speakers: 1,
    phoneme_id_map: { _: [0], ' ': [3], a: [14] },
  };

  it('gets its facts as key-value metadata', () => {
    const fields = metadataFields(config).map((field) => field.toString('latin1'));
    expect(fields).toContain('r\x14\n\x0bsample_rate\x12\x0522050');
  });

  it('gets a table of phonemes', () => {
    expect(phonemeTable(config)).toBe('_ 0\n  3\na 14\n');
  });
});

it('finds the files that Emscripten packed', () => {
  const script = `x={files:[{filename:"/usr/share/espeak-ng-data/af_dict",start:0,end:12},
    {"filename": "/usr/share/espeak-ng-data/lang/gmw/en", "start": 12, "end": 40}]}`;
  expect(packedFiles(script)).toEqual([
    { path: 'af_dict', start: 0, end: 12 },
    { path: 'lang/gmw/en', start: 12, end: 40 },
  ]);
});

it('writes the wire format of protocol buffers', () => {
  expect([...varint(300)]).toEqual([0xac, 0x02]);
  expect(varint(-1)).toHaveLength(10);
  expect([...integerField(1, 150)]).toEqual([0x08, 0x96, 0x01]);
  expect([...bytesField(2, 'hi')]).toEqual([0x12, 2, 0x68, 0x69]);
  expect([...bytesField(3, [integerField(1, 150)])]).toEqual([0x1a, 3, 0x08, 0x96, 0x01]);
  expect([...floatField(1, 1)]).toEqual([0x0d, 0, 0, 0x80, 0x3f]);
});

import { XMLParser, XMLValidator } from 'fast-xml-parser';
import fc from 'fast-check';
import { readSsml } from './__fixtures__/azure-speech';
import { piecesOf, ssmlOf } from './azure-text';

const VOICE = { id: 'en-US-AvaMultilingualNeural', language: 'en-US' };

/** With half pairs and everything that XML has no place for. */
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes)),
  fc
    .array(fc.constantFrom('&', '<', '>', '"', "'", ']]>', '&amp;', '</voice>', '<!--', '\r\n\r\n', 'a'))
    .map((parts) => parts.join('')),
);

describe('ssmlOf', () => {
  it('is a document whose text is the text', () => {
    expect(readSsml(ssmlOf('1 < 2 & "so" it’s', VOICE))).toEqual({
      ...{ voice: VOICE.id, language: 'en-US', text: '1 < 2 & "so" it’s' },
    });
  });

  it('is well-formed whatever the text is, and no text is markup', () => {
    const parser = new XMLParser({ ignoreAttributes: false, trimValues: false, parseTagValue: false });
    fc.assert(
      fc.property(anyText, (text) => {
        const ssml = ssmlOf(text, VOICE);
        expect(XMLValidator.validate(ssml)).toBe(true);
        expect(
          Object.keys(parser.parse(ssml).speak.voice).filter((key) => !/^(@_name|#text)$/.test(key)),
        ).toEqual([]);
        expect(ssml.match(/[<>]/g)).toHaveLength(8);
        expect(ssml).not.toMatch(/[^\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u);
      }),
    );
  });

  it('says every letter that XML can hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        const kept = text.replace(/[\p{Cc}\p{Cn}\p{Cs}]/gu, '').replace(/\s/g, '');
        const said = readSsml(ssmlOf(`.${text}`, VOICE)).text.slice(1);
        expect(said.replace(/[\p{Cc}\p{Cn}\p{Cs}]/gu, '').replace(/\s/g, '')).toBe(kept);
      }),
    );
  });

  it('writes no attribute out of its quotes', () => {
    const ssml = ssmlOf('Hi', { id: 'x"><audio src="/etc/passwd', language: '"' });
    expect(XMLValidator.validate(ssml)).toBe(true);
    expect(ssml).not.toContain('<audio');
  });
});

describe('piecesOf', () => {
  it('cuts between sentences', () => {
    const text = 'One is first. Two is next. Three is last.';
    expect(piecesOf(text, 'en', 28)).toEqual(['One is first. Two is next. ', 'Three is last.']);
  });

  it('cuts a long sentence between words, and a long word anywhere', () => {
    expect(piecesOf('one two three four', 'en', 9)).toEqual(['one two ', 'three ', 'four']);
    expect(piecesOf('a'.repeat(25), 'en', 10)).toEqual(['a'.repeat(10), 'a'.repeat(10), 'aaaaa']);
  });

  it('leaves a short text whole', () => {
    expect(piecesOf('Hi. You.', 'en')).toEqual(['Hi. You.']);
  });

  it('loses nothing, and makes no piece too long', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 2, max: 40 }), (text, max) => {
        const pieces = piecesOf(text, 'en', max);
        expect(pieces.join('')).toBe(text);
        expect(pieces.every((piece) => piece.length <= max)).toBe(true);
      }),
    );
  });

  it('parts no pair of surrogates', () => {
    const pieces = piecesOf('😀'.repeat(30), 'en', 7);
    expect(pieces.every((piece) => !/\p{Cs}/u.test(piece))).toBe(true);
  });
});

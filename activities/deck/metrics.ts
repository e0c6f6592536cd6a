/** How wide text is and what its outlines are, from real fonts. */
import { create, type Font, type Glyph } from 'fontkit';

export type Weight = 'regular' | 'bold';

export interface TextStyle {
  /** Points when measuring for a page, pixels when drawing: the result has the same unit. */
  readonly size: number;
  readonly weight: Weight;
}

/** Font files by weight; a character comes from the first file that has it. */
export type FontFiles = { readonly [W in Weight]: readonly Uint8Array[] };

export interface Metrics {
  /**
   * Sum of the characters' advances, as PowerPoint sets text by default (without kerning).
   * Programs that do kern set it narrower, so this is an upper bound.
   */
  width(text: string, style: TextStyle): number;
  /** Outlines as SVG path data, from `x` to the right on the baseline `y`; `kern` brings pairs such as AT together. */
  outline(text: string, style: TextStyle & { readonly kern?: boolean }, x: number, y: number): string;
  /** Whether every character has a glyph and is set from left to right without shaping. */
  covers(text: string): boolean;
}

/** Wide characters and emoji that the fonts lack are counted as a full em, which they never exceed. */
const UNKNOWN_EM = 1;

/** Fitting measures the same words again and again; a worker lives long, so they are forgotten now and then. */
const MOST_KNOWN = 20_000;

/** As wide as a space; fontkit reads past the end of a table for it where it is a font's last and empty glyph. */
const NO_BREAK_SPACE = '\u00a0';
const SPACE = 0x20;

const RIGHT_TO_LEFT_OR_SHAPED =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

interface Cut {
  readonly font: Font;
  readonly glyph: Glyph;
  readonly unitsPerEm: number;
}

/** A font's glyph lookup takes microseconds; a deck asks for the same eighty characters again and again. */
function glyphsOf(files: readonly Uint8Array[]): (character: string) => Cut | undefined {
  const fonts: Font[] = files.map(loadFont);
  const found = new Map<string, Cut | undefined>();
  const find = (character: string): Cut | undefined => {
    const code = character === NO_BREAK_SPACE ? SPACE : character.codePointAt(0)!;
    const font = fonts.find((one) => one.hasGlyphForCodePoint(code));
    return font && { font, glyph: font.glyphForCodePoint(code), unitsPerEm: font.unitsPerEm };
  };
  return (character) => {
    if (!found.has(character)) found.set(character, find(character));
    return found.get(character);
  };
}

export function loadFont(bytes: Uint8Array): Font {
  return create(bytes);
}

/** Ems, mostly below zero, that a pair of one font's characters is set apart; what was asked once is known. */
function kerningOf(glyphs: (character: string) => Cut | undefined): (pair: string) => number {
  const known = new Map<string, number>();
  const find = (pair: string): number => {
    const [one, other] = Array.from(pair, glyphs);
    if (!one || one.font !== other?.font) return 0;
    return (
      (one.font.layout(pair.replaceAll(NO_BREAK_SPACE, ' ')).positions[0]!.xAdvance -
        one.glyph.advanceWidth) /
      one.unitsPerEm
    );
  };
  return (pair) => {
    if (!known.has(pair)) known.set(pair, find(pair));
    return known.get(pair)!;
  };
}

export function createMetrics(files: FontFiles): Metrics {
  const glyphs = { regular: glyphsOf(files.regular), bold: glyphsOf(files.bold) };

  const kerning = { regular: kerningOf(glyphs.regular), bold: kerningOf(glyphs.bold) };

  /** In ems, so that one measurement serves every size. */
  const advance = (character: string, weight: Weight): number => {
    const cut = glyphs[weight](character);
    return cut ? cut.glyph.advanceWidth / cut.unitsPerEm : UNKNOWN_EM;
  };
  const widths = { regular: new Map<string, number>(), bold: new Map<string, number>() };
  const measure = (text: string, weight: Weight): number => {
    const known = widths[weight].get(text);
    if (known !== undefined) return known;
    const characters = Array.from(text.normalize('NFC'));
    const width = characters.reduce((sum, character) => sum + advance(character, weight), 0);
    if (widths[weight].size >= MOST_KNOWN) widths[weight].clear();
    widths[weight].set(text, width);
    return width;
  };

  return {
    width: (text, { size, weight }) => measure(text, weight) * size,

    outline(text, style, x, y) {
      let at = x;
      const characters = Array.from(text.normalize('NFC'));
      const paths = characters.map((character, index) => {
        const cut = glyphs[style.weight](character);
        const scale = cut ? style.size / cut.unitsPerEm : 0;
        const path = cut?.glyph.path.scale(scale, -scale).translate(at, y).toSVG() ?? '';
        const next = characters[index + 1];
        const kern = style.kern && next ? kerning[style.weight](character + next) : 0;
        at += (advance(character, style.weight) + kern) * style.size;
        return path;
      });
      return paths.join('');
    },

    covers: (text) =>
      !RIGHT_TO_LEFT_OR_SHAPED.test(text) &&
      Array.from(text.normalize('NFC')).every((character) => glyphs.bold(character) !== undefined),
  };
}

/** The part of fontkit (which ships no types) that measuring and drawing need. */
declare module 'fontkit' {
  export interface Path {
    scale(x: number, y: number): Path;
    translate(x: number, y: number): Path;
    toSVG(): string;
  }
  export interface Glyph {
    /** Font units. */
    readonly advanceWidth: number;
    readonly path: Path;
  }
  export interface Font {
    readonly unitsPerEm: number;
    hasGlyphForCodePoint(codePoint: number): boolean;
    glyphForCodePoint(codePoint: number): Glyph;
    /** Sets text with kerning, in font units. */
    layout(text: string): { readonly positions: readonly { readonly xAdvance: number }[] };
  }
  /** Takes TrueType, OpenType, WOFF and WOFF2. */
  export function create(bytes: Uint8Array): Font;
}

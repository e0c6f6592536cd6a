/** Which font file has which character: a PDF embeds each file that it uses by itself. */
import type { Font } from 'fontkit';
import { type FontFiles, loadFont, type Weight } from './metrics';
import { NO_BREAK_SPACE } from './wrap';

/** Characters of one font; without one, no file has them. */
export interface Run {
  readonly font?: string;
  readonly text: string;
}

export interface FontChoice {
  runs(text: string, weight: Weight): Run[];
}

interface Candidate {
  readonly name: string;
  readonly file: Uint8Array;
  font?: Font;
  isRegistered?: boolean;
}

const candidatesOf = (weight: Weight, files: readonly Uint8Array[]): Candidate[] =>
  files.map((file, index) => ({ name: `${weight}-${index}`, file }));

/** `register` is told of a font when it is first needed. */
export function createFontChoice(
  files: FontFiles,
  register: (name: string, file: Uint8Array) => void,
): FontChoice {
  const candidates = {
    regular: candidatesOf('regular', files.regular),
    bold: candidatesOf('bold', files.bold),
  };

  function fontFor(character: string, weight: Weight): string | undefined {
    const code = character.codePointAt(0)!;
    const found = candidates[weight].find((one) =>
      (one.font ??= loadFont(one.file)).hasGlyphForCodePoint(code),
    );
    if (found && !found.isRegistered) {
      register(found.name, found.file);
      found.isRegistered = true;
    }
    return found?.name;
  }

  return {
    runs(text, weight) {
      const runs: Run[] = [];
      // fontkit reads past the end of a table for the no-break space.
      for (const character of text.normalize('NFC').replaceAll(NO_BREAK_SPACE, ' ')) {
        const font = fontFor(character, weight);
        const last = runs.at(-1);
        if (last && last.font === font) runs[runs.length - 1] = { ...last, text: last.text + character };
        else runs.push({ ...(font !== undefined && { font }), text: character });
      }
      return runs;
    },
  };
}

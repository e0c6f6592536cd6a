import type { Theme } from '../../domain/deck';

export const LIGHT: Theme = {
  name: 'paper',
  font: 'Arial',
  background: 'FCFBF8',
  text: '17212B',
  muted: '56616E',
  accent: '0B6E69',
  accent2: 'B4460F',
};

export const DARK: Theme = {
  name: 'night',
  font: 'Arial',
  background: '101826',
  text: 'F3F5F8',
  muted: 'A9B4C4',
  accent: '5CD0C3',
  accent2: 'F5B454',
};

/** By the name that a request may carry. */
export const THEMES: Readonly<Record<string, Theme>> = { [LIGHT.name]: LIGHT, [DARK.name]: DARK };

const channels = (color: string): number[] => [0, 2, 4].map((at) => parseInt(color.slice(at, at + 2), 16));

/** WCAG 2.2 relative luminance. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = channels(color).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** WCAG 2.2 contrast ratio, 1 to 21; AA asks for 4.5, and 3 for large text. */
export function contrast(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

/** `share` of `over` on top of `under`. */
export function mix(over: string, under: string, share: number): string {
  const below = channels(under);
  const mixed = channels(over).map((value, index) => Math.round(value * share + below[index]! * (1 - share)));
  return mixed
    .map((value) => value.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
}

/** The theme's own text or background colour, whichever reads better on `surface`. */
export function inkOn(surface: string, { text, background }: Theme): string {
  return contrast(text, surface) >= contrast(background, surface) ? text : background;
}

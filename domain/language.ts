/** The primary subtag of a BCP 47 tag (`de` of `de-CH`), in lower case as engines and vendors list it. */
export function primaryOf(tag: string): string;
export function primaryOf(tag: string | undefined): string | undefined;
export function primaryOf(tag: string | undefined): string | undefined {
  return tag?.split('-')[0]?.toLowerCase();
}

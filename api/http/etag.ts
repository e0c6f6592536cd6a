/**
 * The tags of an `If-None-Match` header, weak ones like strong ones (RFC 9110 §13.1.2).
 * Express's `req.fresh` is not used: it gives no 304 to the `fetch` function, which sends `Cache-Control: no-cache`
 * along with the header.
 */
export const tagsOf = (header: string | undefined): string[] =>
  [...(header ?? '').matchAll(/(?:^|,)\s*(?:W\/)?"([^"]*)"\s*(?=,|$)/g)].map(([, tag = '']) => tag);

export const knows = (header: string | undefined, tag: string): boolean =>
  header?.trim() === '*' || tagsOf(header).includes(tag);

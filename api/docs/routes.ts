/** The document for programs, and its page for people. */
import { createHash } from 'node:crypto';
import { endpoint, UNCHANGED, type Endpoint, type Mounts, type Routes } from '../http/endpoint';
import { knows } from '../http/etag';
import { openApi } from './openapi';
import { renderPage } from './page';

/** Seconds: a new version is seen after an hour, the least that the seed gives static things. */
const MAX_AGE_S = 3_600;

interface File {
  readonly summary: string;
  readonly media_type: string;
  /** Called once, at the first request: routes do not change while the process runs. */
  make(): string;
}

function serve({ summary, media_type, make }: File): Endpoint {
  let made: { body: string; tag: string } | undefined;
  const read = () => {
    const body = make();
    return { body, tag: createHash('sha256').update(body).digest('base64url') };
  };
  return endpoint({
    summary,
    rule: ['docs', 'read'],
    answers: {
      200: { description: 'All of it', media_type },
      ...UNCHANGED,
    },
    handle({ req, res }) {
      const { body, tag } = (made ??= read());
      res.set({ 'Cache-Control': `public, max-age=${MAX_AGE_S}`, ETag: `"${tag}"` });
      if (knows(req.get('if-none-match'), tag)) return void res.status(304).end();
      res.type(media_type).send(body);
    },
  });
}

/** `getMounts` is asked late, because these routes are among those that they describe. */
export function docsRoutes(
  getMounts: () => Mounts,
  version: string,
): { '/api/openapi.json': Routes; '/api/docs': Routes } {
  const document = () => openApi(getMounts(), { version });
  const json = serve({
    ...{ summary: 'This API as an OpenAPI document', media_type: 'application/json' },
    make: () => JSON.stringify(document()),
  });
  const page = serve({
    ...{ summary: 'This API as a page to read', media_type: 'text/html' },
    make: () => renderPage(document()),
  });
  const style = serve({
    ...{ summary: 'How that page looks', media_type: 'text/css' },
    make: () => STYLE,
  });
  return {
    '/api/openapi.json': { '/': { get: json } },
    '/api/docs': { '/': { get: page }, '/style.css': { get: style } },
  };
}

const STYLE = `:root {
  color-scheme: light dark;
  --paper: #fafaf7; --card: #fff; --ink: #1e2329; --quiet: #656d77; --line: #e1e2dd; --code: #efefe9;
  --link: #1756c0; --get: #17774a; --post: #1756c0; --patch: #8f5f00; --delete: #b83232;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #13161a; --card: #1a1e23; --ink: #e2e5e9; --quiet: #98a1ac; --line: #2d333a; --code: #262c33;
    --link: #86b3ff; --get: #5ec693; --post: #86b3ff; --patch: #e2b04a; --delete: #f28b82;
  }
}
* { box-sizing: border-box; }
body {
  display: grid; grid-template: 'head head' auto 'menu main' auto / 18rem minmax(0, 1fr); column-gap: 3rem;
  max-width: 80rem; margin: 0 auto; padding: 0 2rem 60vh;
  background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere;
}
header { grid-area: head; margin-bottom: 2rem; padding: 2.5rem 0 1rem; border-bottom: 1px solid var(--line); }
header p { max-width: 46rem; }
h1, h2, h4, p, dl { margin: 0 0 0.75rem; }
h1 { font-size: 2rem; line-height: 1.2; }
h2 { margin-top: 2.5rem; font-size: 1.3rem; text-transform: capitalize; }
section:first-child h2 { margin-top: 0; }
h3 { display: inline; margin-right: 0.5rem; font-size: 0.95rem; font-weight: 600; }
h4 { margin-top: 1.5rem; font-size: 0.9rem; }
small, .quiet { color: var(--quiet); font-size: 0.85rem; font-weight: 400; }
a { color: var(--link); text-underline-offset: 0.15em; }
code { padding: 0.1em 0.3em; border-radius: 4px; background: var(--code); font: 0.875em ui-monospace, monospace; }
nav { grid-area: menu; position: sticky; top: 0; max-height: 100vh; padding: 1rem 0; overflow-y: auto; align-self: start; }
nav ul { margin: 0; padding: 0; list-style: none; }
nav > ul > li { margin-bottom: 1rem; }
nav > ul > li > a { color: var(--ink); font-weight: 600; text-decoration: none; text-transform: capitalize; }
nav li li a { display: flex; gap: 0.5rem; padding: 0.1rem 0; font-size: 0.85rem; text-decoration: none; }
nav code { padding: 0; background: none; }
main { grid-area: main; }
.method { flex: none; font: 700 0.75em ui-monospace, monospace; }
nav .method { width: 3.4rem; padding-top: 0.25em; }
h3 .method { display: inline-block; width: 4rem; font-size: 0.85em; }
h3 code { padding: 0; background: none; font-size: 1em; }
.get { color: var(--get); } .post { color: var(--post); } .patch { color: var(--patch); } .delete { color: var(--delete); }
.operation { margin-bottom: 0.5rem; border: 1px solid var(--line); border-radius: 8px; background: var(--card); }
summary { cursor: pointer; }
.operation > summary { padding: 0.6rem 1rem; }
.operation[open] > summary { border-bottom: 1px solid var(--line); }
.operation > div { padding: 0.75rem 1rem 0.5rem; scroll-margin-top: 4rem; }
.answer { margin: 0 0 0.4rem; }
.answer > :not(summary) { margin-left: 1.1rem; }
.s2 { color: var(--get); } .s3 { color: var(--quiet); } .s4 { color: var(--patch); } .s5 { color: var(--delete); }
dl { padding-left: 1rem; border-left: 2px solid var(--line); }
dt > span { color: var(--quiet); font-size: 0.9rem; }
dt > b { color: var(--delete); font-size: 0.75rem; font-weight: 600; }
dd { margin: 0 0 0.6rem; }
dd p { margin: 0.1rem 0; font-size: 0.9rem; }
dd dl { margin-top: 0.4rem; }
@media (max-width: 56rem) {
  body { display: block; padding: 0 1rem 4rem; }
  nav { position: static; max-height: none; }
}
`;

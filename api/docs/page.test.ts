import express from 'express';
import { z } from 'zod';
import { endpoint, listRoutes, type Mounts } from '../http/endpoint';
import { mount } from '../http/mount';
import { jobRoutes } from '../jobs/routes';
import { listen } from '../listen';
import { openApi } from './openapi';
import { renderPage } from './page';
import { docsRoutes } from './routes';

const pageOf = (mounts: Mounts) => renderPage(openApi(mounts, { version: '1.2.3' }));

const OURS: Mounts = {
  ...docsRoutes(() => OURS, '1.2.3'),
  '/api/jobs': jobRoutes({} as never),
};

const HOSTILE = `</code><script>alert(1)</script>"'><img src=x onerror=alert(1)>&amp;`;

const hostile: Mounts = {
  [`/api/${HOSTILE}`]: {
    '/': {
      post: endpoint<z.ZodType, z.ZodType>({
        summary: `${HOSTILE} \`${HOSTILE}\``,
        rule: ['content', 'create'],
        query: z.object({ [HOSTILE]: z.enum([HOSTILE]).describe(HOSTILE) }),
        body: z
          .object({ [HOSTILE]: z.string().regex(/<b>"'/).default(HOSTILE) })
          .meta({ id: `Body ${HOSTILE}` }),
        answers: {
          200: { description: HOSTILE, data: z.object({ [HOSTILE]: z.literal(HOSTILE) }) },
          206: { description: HOSTILE, media_type: `text/${HOSTILE}` },
        },
        handle: () => undefined,
      }),
    },
  },
};

const TAG = /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*>/g;
const VOID = ['meta', 'link'];

/** Each element closed where it was opened, and nothing between that looks like markup. */
function unbalanced(page: string): string[] {
  const open: string[] = [];
  for (const [tag, slash, name = ''] of page.matchAll(TAG)) {
    if (slash && open.pop() !== name) return [tag];
    if (!slash && !VOID.includes(name)) open.push(name);
  }
  return [
    ...open,
    ...(page
      .replace(/<!doctype html>/, '')
      .replace(TAG, '')
      .match(/.{0,20}<.{0,20}/g) ?? []),
  ];
}

it('shows every operation, with its path, in the list and in full', () => {
  const page = pageOf(OURS);
  const operations = listRoutes(OURS);
  expect(operations.length).toBeGreaterThan(9);
  for (const { method, path } of operations) {
    const shown = `>${method.toUpperCase()}</span> <code>${path.replace(/:(\w+)/, '{$1}')}</code>`;
    expect(page.split(shown)).toHaveLength(3);
  }
});

it('is balanced markup whose links lead somewhere, each id once', () => {
  const page = pageOf(OURS);
  expect(unbalanced(page)).toEqual([]);
  const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [, target] of page.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(target);
});

it('tells who may call, what a field takes and what comes back', () => {
  const page = pageOf(OURS);
  expect(page).toContain('For student, teacher, admin, service');
  expect(page).toContain('For anybody');
  expect(page).toContain('<code>?limit</code> <span>integer</span>');
  expect(page).toContain('from <code>1</code> · to <code>100</code> · by default <code>20</code>');
  expect(page).toContain('<a href="#schema-JobInputLesson">JobInputLesson</a>');
  expect(page).toContain('<b class="s2">202</b> The job is accepted; follow it at <code>links.self</code>');
  expect(page).toContain('<b class="s4">404</b> There is none, or it is not yours');
});

it('escapes whatever a declaration says', () => {
  const page = pageOf(hostile);
  expect(page).toContain('&#60;script&#62;');
  expect(page).not.toMatch(/<script|<img|<b>"/);
  expect(unbalanced(page)).toEqual([]);
});

it('holds no script and no style of its own', () => {
  expect(pageOf(OURS)).not.toMatch(/<script|<style|\sstyle=|\son[a-z]+=|javascript:|https?:/);
});

it('is served with its document and its sheet, and not sent twice', async () => {
  const app = express();
  app.set('etag', false);
  mount(app, OURS);
  const { url, stop } = await listen(app, { host: '127.0.0.1', port: 0, drainMs: 0 });
  try {
    const page = await fetch(`${url}/api/docs`, { headers: { accept: 'text/html' } });
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('cache-control')).toBe('public, max-age=3600');
    expect(await page.text()).toBe(pageOf(OURS));

    const document = await fetch(`${url}/api/openapi.json`);
    expect(document.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await document.json()).toMatchObject({ openapi: '3.1.1', paths: { '/api/docs': { get: {} } } });

    const style = await fetch(`${url}/api/docs/style.css`, { headers: { accept: 'text/css,*/*;q=0.1' } });
    expect(style.headers.get('content-type')).toBe('text/css; charset=utf-8');
    expect(await style.text()).toContain('prefers-color-scheme: dark');

    const tag = document.headers.get('etag') ?? '';
    const again = await fetch(`${url}/api/openapi.json`, { headers: { 'if-none-match': tag } });
    expect([tag.length > 20, again.status, await again.text()]).toEqual([true, 304, '']);
  } finally {
    await stop();
  }
});

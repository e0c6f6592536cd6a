import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { type DemoApi, demoApi, fileNameOf, type Job, plainName } from './demo-api';
import { follow } from './demo-job';
import { saveArtifacts, tell } from './demo-results';
import { plainScreen } from './demo-screen';

const STEP = { attempts: 1, provider: null, quality: null, started_at: null, finished_at: null };
const job = (facts: Partial<Job>): Job => ({
  ...{ job_id: 'j1', status: 'running', phase: null, progress: null, steps: [], result: null },
  ...{ artifacts: [], error: null, warnings: [] },
  ...facts,
});

let server: Server;
let api: DemoApi;
let calls: string[];
/** Answers to `METHOD path`, used up in order; the last one stays. */
let answers: Record<string, Record<string, unknown>[]>;
let shown: string;
const screen = plainScreen((text) => (shown += text));
const never = new AbortController().signal;

beforeAll(async () => {
  server = createServer((request, response) => {
    const call = `${request.method} ${request.url?.split('?')[0]}`;
    calls.push(call);
    const queue = answers[call] ?? [{ refused: { code: 'NOT_FOUND', message: 'There is no such thing' } }];
    const answer = queue.length > 1 ? queue.shift()! : queue[0]!;
    request.resume().on('end', () => {
      if ('file' in answer) {
        const name = `attachment; filename="x"; filename*=UTF-8''${encodeURIComponent(String(answer['name']))}`;
        response.setHeader('content-disposition', name).end(answer.file);
      } else {
        const refused = 'refused' in answer;
        response.statusCode = refused ? 415 : 200;
        response.end(
          JSON.stringify(
            refused ? { success: false, error: answer.refused } : { success: true, data: answer },
          ),
        );
      }
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  api = demoApi(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'a-token');
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  [calls, answers, shown] = [[], {}, ''];
});

describe('following a job', () => {
  test('shows steps as they appear, and progress only where its unit says whose it is', async () => {
    const running = { ...STEP, status: 'running' };
    answers['GET /api/jobs/j1'] = [
      job({ status: 'running', steps: [{ ...running, name: 'decode' }] }),
      job({
        status: 'running',
        progress: { done: 1, total: 2, unit: 'pictures' },
        steps: ['pictures', 'voiceover'].map((name) => ({ ...running, name })),
      }),
      job({
        status: 'completed',
        steps: [{ ...STEP, name: 'pictures', status: 'completed', provider: 'drawn' }],
      }),
    ];
    await expect(follow(api, 'j1', screen, never)).resolves.toMatchObject({ status: 'completed' });
    const lines = shown
      .trim()
      .split('\n')
      .map((line) => line.trim().replace(/ +/g, ' '));
    expect(lines).toEqual([
      'decode running',
      'pictures running, 50 %',
      'voiceover running',
      'pictures completed, drawn',
    ]);
  });

  test('an API that was away for a moment is asked again', async () => {
    const seen = job({ status: 'completed' });
    const away = new TypeError('fetch failed');
    const flaky = { ...api, job: jest.fn(api.job).mockRejectedValueOnce(away).mockResolvedValueOnce(seen) };
    await expect(follow(flaky, 'j1', screen, never)).resolves.toBe(seen);
  });

  test('an interruption cancels the job before it passes on', async () => {
    answers['GET /api/jobs/j1'] = [job({ status: 'cancelled' })];
    answers['POST /api/jobs/j1/cancel'] = [{ job_id: 'j1' }];
    const interrupted = AbortSignal.abort(new Error('Ctrl-C'));
    await expect(follow(api, 'j1', screen, interrupted)).rejects.toThrow('Ctrl-C');
    expect(calls).toEqual(['POST /api/jobs/j1/cancel', 'GET /api/jobs/j1']);
    expect(shown).toContain('The job is cancelled.');
  });
});

describe('what it made', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'demo-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const artifact = (id: string, kind: string) => ({ id, kind, bytes: 2, href: `/api/artifacts/${id}` });

  test('is saved under the summary’s title and told', async () => {
    answers['GET /api/artifacts/s'] = [
      { file: JSON.stringify({ title: 'A/B: Plates', abstract: 'They move.' }), name: 's.json' },
    ];
    answers['GET /api/artifacts/v'] = [{ file: 'mp3', name: 'slide-01.mp3' }];
    const ended = job({
      status: 'completed',
      artifacts: [artifact('s', 'summary'), artifact('v', 'voiceover')],
      warnings: [{ code: 'BASIC_QUALITY', message: 'Basic', step: 'summarize' }],
      result: { transcript: { duration_s: 240 } },
    });
    const made = await saveArtifacts({ api, job: ended, title: 'lecture' }, folder, never);
    expect(readFileSync(path.join(folder, 'B Plates', 'voices', 'slide-01.mp3'), 'utf8')).toBe('mp3');
    tell(ended, made, 60, screen);
    expect(shown).toContain('A/B: Plates\n\nThey move.');
    expect(shown).toContain('voices: 1 files, voices and captions slide by slide');
    expect(shown).toContain('summarize: Basic (BASIC_QUALITY)');
    expect(shown).toContain('1 min 0 s, 0.25 × the lecture');
  });

  test('a refused upload is told in the API’s words', async () => {
    const file = path.join(folder, 'x.bin');
    writeFileSync(file, 'x');
    const refused = { code: 'UNSUPPORTED_MEDIA_TYPE', message: 'Not read', details: { hint: 'Send mp3' } };
    answers['POST /api/content/uploads'] = [{ refused }];
    await expect(api.upload(file, never)).rejects.toThrow('UNSUPPORTED_MEDIA_TYPE: Not read\nSend mp3');
  });
});

test('a name from the server is a name and no path', () => {
  expect(fileNameOf("attachment; filename*=UTF-8''..%2F..%2Fetc%2Fpasswd", 'other')).toBe('passwd');
  expect(fileNameOf("attachment; filename*=UTF-8''..", 'other')).toBe('other');
  expect(fileNameOf(null, 'deck')).toBe('deck');
  expect(plainName('Caf\u00e9?\u0007.')).toBe('Café');
});

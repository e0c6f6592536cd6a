import { startOpenAiServer, type OpenAiServer } from './__fixtures__/openai-server';

let server: OpenAiServer;
beforeEach(async () => (server = await startOpenAiServer()));
afterEach(() => server.close());

const chat = () =>
  fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hello' }] }),
  });
const control = (body: unknown) =>
  fetch(`${server.url}/__faults`, { method: 'POST', body: JSON.stringify(body) });

it('uses faults up in order, then answers', async () => {
  await control({
    '/v1/chat/completions': [
      { kind: 'status', status: 503, times: 2, headers: { 'retry-after': '1' }, body: { error: 'busy' } },
      { kind: 'garbage', times: 1 },
    ],
  });
  const answers = [await chat(), await chat(), await chat(), await chat()];
  expect(answers.map(({ status }) => status)).toEqual([503, 503, 200, 200]);
  expect(answers[0]!.headers.get('retry-after')).toBe('1');
  expect(await answers[1]!.json()).toEqual({ error: 'busy' });
  expect(await answers[3]!.json()).toMatchObject({ choices: [{ message: { role: 'assistant' } }] });
});

it('counts calls and, apart, the answers that a vendor would bill', async () => {
  server.faults({
    '/v1/chat/completions': [
      { kind: 'status', status: 500, times: 1 },
      { kind: 'reset', times: 1 },
    ],
  });
  await chat();
  await expect(chat()).rejects.toThrow();
  await (await chat()).text();
  const counts = await (await fetch(`${server.url}/__calls`)).json();
  expect(counts).toEqual({ '/v1/chat/completions': { received: 3, answered: 1, aborted: 0 } });
});

it('keeps a fault without `times` until the script is replaced', async () => {
  server.faults({ '/v1/models': [{ kind: 'status', status: 429 }] });
  const statuses = async () => [
    await fetch(`${server.url}/v1/models`),
    await fetch(`${server.url}/v1/models`),
  ];
  expect((await statuses()).map(({ status }) => status)).toEqual([429, 429]);
  await control({});
  expect((await statuses()).map(({ status }) => status)).toEqual([200, 200]);
});

it('refuses a script that it does not understand', async () => {
  const { status } = await control({ '/v1/models': [{ kind: 'explode' }] });
  expect(status).toBe(400);
});

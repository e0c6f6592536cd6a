/** `node slow-vendor.js MS`: the OpenAI-compatible server of the tests, each answer after so long; prints its URL. */
import { startOpenAiServer } from '../activities/providers/__fixtures__/openai-server';

async function main(): Promise<void> {
  const server = await startOpenAiServer();
  const late = [{ kind: 'delay', ms: Number(process.argv[2]) }] as const;
  server.faults({ '/v1/audio/transcriptions': [...late], '/v1/audio/speech': [...late] });
  process.stdout.write(`${server.baseUrl}\n`);
}

void main();

import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { arrange, childEnvironment, ConfigError, loadConfig } from './config';
import { environmentSchema } from './environment';

type Name = keyof typeof environmentSchema.shape;

const defaults = environmentSchema.parse({});
const names = Object.keys(environmentSchema.shape) as Name[];

/** What loadConfig says is wrong, a line per problem. */
function problemsOf(env: Record<string, string>): string[] {
  try {
    loadConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message.split('\n').slice(1);
  }
  return [];
}

describe('.env.example', () => {
  const example = readFileSync(path.join(__dirname, '.env.example'), 'utf8');
  const shown = [...example.matchAll(/^# ([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, name, value]) => [name, value]);

  test('lists the variables that the program knows, each once and in its order', () => {
    expect(shown.map(([name]) => name)).toEqual(names);
  });

  test('sets nothing', () => {
    expect(example.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
  });

  test('shows the real defaults', () => {
    const read = environmentSchema.parse(Object.fromEntries(shown.filter(([, value]) => value !== '')));
    expect(read).toEqual(defaults);
  });

  test('shows every default but those that each machine has of its own', () => {
    const silent = shown.filter(([, value]) => value === '').map(([name]) => name as Name);
    const ofTheMachine: Name[] = ['LM_CACHE_DIR', 'CPU_SLOTS'];
    const isGiven = (value: unknown) => value !== undefined && !(Array.isArray(value) && value.length === 0);
    expect(silent.filter((name) => isGiven(defaults[name]))).toEqual(ofTheMachine);
  });
});

describe('loadConfig', () => {
  test('needs nothing', () => {
    const config = loadConfig({});
    expect(config).toEqual(arrange(defaults));
    expect(config).toMatchObject({
      data_dir: path.resolve('.data'),
      cache_dir: path.join(os.homedir(), '.cache', 'little-monster'),
      http: { host: '127.0.0.1', port: 8000 },
      worker: { cpu_slots: os.availableParallelism() },
    });
  });

  test('ignores what it does not know', () => {
    expect(loadConfig({ SOMEBODY_ELSES: 'x' })).toEqual(loadConfig({}));
  });

  test('takes every variable as absent when it is empty', () => {
    expect(loadConfig(Object.fromEntries(names.map((name) => [name, ''])))).toEqual(loadConfig({}));
  });

  test('reads numbers, lists with spaces, and addresses', () => {
    const config = loadConfig({
      PORT: '0',
      RETRY_BASE_S: '0.05',
      STT_PROVIDERS: 'openai, whisper',
      DATABASE_URL: 'postgres://u:p@db/lm',
    });
    expect(config.http.port).toBe(0);
    expect(config.worker.retry_base_s).toBe(0.05);
    expect(config.providers.transcriber).toEqual(['openai', 'whisper']);
    expect(config.urls.database).toBe('postgres://u:p@db/lm');
  });

  test('lists all problems at once, each with its name, what is wanted and its cure', () => {
    const problems = problemsOf({
      PORT: '70000',
      LOG_LEVEL: 'loud',
      STT_PROVIDERS: 'whisper,siri',
      DATABASE_URL: 'mysql://db/lm',
      CPU_SLOTS: 'many',
    });
    const cure = 'Correct it in the environment or in .env, or remove it for the default.';
    expect(problems.map((problem) => problem.trim())).toEqual([
      `LOG_LEVEL: Invalid option: expected one of "trace"|"debug"|"info"|"warn"|"error". ${cure}`,
      `PORT: Too big: expected number to be <=65535. ${cure}`,
      `DATABASE_URL: must be a URL that begins with postgres:// or postgresql://. ${cure}`,
      `STT_PROVIDERS.1: Invalid option: expected one of "whisper"|"moonshine"|"azure"|"openai". ${cure}`,
      `CPU_SLOTS: Invalid input: expected number, received NaN. ${cure}`,
    ]);
  });

  test.each([
    ['DATABASE_URL', 'not an address'],
    ['OPENAI_BASE_URL', 'ftp://example.org'],
    ['REDIS_URL', 'http://cache'],
    ['PORT', '-1'],
    ['MAX_UPLOAD_BYTES', '0'],
    ['TRUST_PROXY', '0.5'],
    ['ENGINE_IDLE_S', '0'],
    ['TTS_PROVIDERS', 'piper,'],
    ['WHISPER_MODEL', 'enormous'],
  ])('refuses %s=%s', (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([expect.stringContaining(name)]);
  });

  test('does not repeat a wrong value, which may hold a password', () => {
    const [problem] = problemsOf({ DATABASE_URL: 'mysql://user:hunter2@db/lm' });
    expect(problem).not.toContain('hunter2');
  });
});

describe('childEnvironment', () => {
  test('is ours with the changes', () => {
    const child = childEnvironment({ PORT: '8123' });
    expect(child).toEqual({ ...process.env, PORT: '8123' });
    expect(child['PATH']).toBeTruthy();
    expect(process.env['PORT']).not.toBe('8123');
  });
});

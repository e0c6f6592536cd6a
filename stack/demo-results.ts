/** What the job has made: downloaded, and told. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { type DemoApi, type Job, plainName } from './demo-api';
import type { Screen } from './demo-screen';

const summarySchema = z.object({ title: z.string(), abstract: z.string() });
type Summary = z.output<typeof summarySchema>;

const transcriptSchema = z.object({ transcript: z.object({ duration_s: z.number() }) });

const VOICES = 'voices';

export interface Made {
  readonly folder: string;
  /** Paths, in the job's order; the voices' are in a folder of their own. */
  readonly files: readonly string[];
  readonly voices: readonly string[];
  readonly summary: Summary | undefined;
}

async function readSummary(api: DemoApi, job: Job, signal: AbortSignal): Promise<Summary | undefined> {
  const artifact = job.artifacts.find(({ kind }) => kind === 'summary');
  if (!artifact) return undefined;
  const { bytes } = await api.download(artifact, signal);
  return summarySchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
}

/** Into a folder named after the lesson; an earlier run's files are written over. */
export async function saveArtifacts(
  { api, job, title }: { readonly api: DemoApi; readonly job: Job; readonly title: string },
  into: string,
  signal: AbortSignal,
): Promise<Made> {
  const summary = await readSummary(api, job, signal);
  const folder = path.join(into, plainName(summary?.title ?? title) || job.job_id);
  const made = { folder, files: [] as string[], voices: [] as string[], summary };
  await mkdir(path.join(folder, VOICES), { recursive: true });
  for (const artifact of job.artifacts) {
    const { name, bytes } = await api.download(artifact, signal);
    const isOfSlide = /^slide-\d+\./.test(name);
    const file = path.join(folder, isOfSlide ? VOICES : '', name);
    await writeFile(file, bytes);
    (isOfSlide ? made.voices : made.files).push(file);
  }
  return made;
}

const clock = (seconds: number): string =>
  seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;

/** A text has no length. */
function pace(job: Job, took_s: number): string {
  const lecture_s = transcriptSchema.safeParse(job.result).data?.transcript.duration_s;
  if (!lecture_s) return `It took ${clock(took_s)}.`;
  const times = (took_s / lecture_s).toFixed(2);
  return `It took ${clock(took_s)}, ${times} × the lecture's length of ${clock(lecture_s)}.`;
}

export function tell(job: Job, made: Made, took_s: number, screen: Screen): void {
  const { folder, files, voices, summary } = made;
  if (summary) screen.line(`\n${summary.title}\n\n${summary.abstract}`);
  screen.line('\nMade:');
  for (const file of files) screen.line(`  ${file}`);
  if (voices.length > 0)
    screen.line(`  ${path.join(folder, VOICES)}: ${voices.length} files, voices and captions slide by slide`);
  if (job.warnings.length > 0) screen.line('\nWarnings:');
  for (const { code, message, step } of job.warnings) screen.line(`  ${step ?? 'job'}: ${message} (${code})`);
  screen.line(`\n${pace(job, took_s)}`);
}

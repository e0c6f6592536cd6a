/** A lecture becomes a lesson: everything the other jobs make, of one source, as far as it goes. */
import type { Summarized } from '../activities/index';
import type { JobInput, JobOutput } from './contracts';
import { embedMaterial } from './embed';
import { job, type Run } from './job';
import { narrateDeck } from './narrate';
import { cutPassages, openSubject, type Material } from './passages';
import { together } from './pool';
import { buildSlides, planSlides } from './slides';
import { summarizeMaterial } from './summarize';
import { transcribeSource } from './transcribe';
import { speakDeck } from './voiceover';

type Lesson = JobOutput<'lesson'>;

const UNSHOWN = { slides: null, voiceover: null, narration: null };
const NOTHING: Lesson = { transcript: null, vectors: null, summary: null, ...UNSHOWN };

/** Deck and voices need the plan alone, so they are made side by side; the narrated deck needs both. */
async function present(
  run: Run,
  input: JobInput<'lesson'>,
  material: Material,
  { summary, disclosure }: Summarized,
) {
  const { source_id, passages } = material;
  const deck = await run.optional('slides', () =>
    planSlides(run, { summary, passages, source_id, disclosure }, input.theme),
  );
  if (!deck) return UNSHOWN;
  const [slides, speech] = await together([
    run.optional('slides', () => buildSlides(run, deck, source_id)),
    run.optional('voices', () => speakDeck(run, deck, { source_id, voice: input.voice })),
  ]);
  const narration =
    slides && speech
      ? await run.optional('the narrated deck', () => narrateDeck(run, deck, slides, speech, source_id))
      : null;
  return { slides: slides && slides.facts, voiceover: speech && speech.facts, narration };
}

export const lesson = job('lesson', async (run, input): Promise<Lesson> => {
  const subject = await openSubject(run, input);
  const isText = subject.stage === 'text';
  const heard = isText ? null : await transcribeSource(run, input);
  const transcript = heard && heard.facts;
  const material = await cutPassages(
    run,
    subject,
    isText ? 'text' : 'transcript',
    heard?.blob ?? subject.blob,
  );
  if (material.count === 0) return { ...NOTHING, transcript };

  const [vectors, summary] = await together([
    run.optional('vectors', () => embedMaterial(run, material)),
    run.optional('summary', () => summarizeMaterial(run, material)),
  ]);
  if (!summary) return { ...NOTHING, transcript, vectors };
  const { summary: _blob, ...facts } = summary;
  return { transcript, vectors, summary: facts, ...(await present(run, input, material, summary)) };
});

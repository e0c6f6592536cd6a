/** A deck's notes, or a text, become speech: one MP3 per slide, side by side. */
import type { PlannedDeck, SlideVoice, Spoken, Subject } from '../activities/index';
import { failure } from './failure';
import type { JobInput, JobOutput } from './contracts';
import { job, type Run, type Step } from './job';
import { openSubject, type Named } from './passages';
import { inPool } from './pool';
import { bookkeeping, onProvider } from './proxies';
import { planSlides, slideMaterialOf, type DisclosedDeck } from './slides';
import { chooseProviders } from './with-providers';

const VOICES_IN_FLIGHT = 4;

interface Piece {
  readonly of: { readonly deck: string; readonly slide_id: string } | { readonly text: string };
  readonly position: number;
}

/** Slides without notes stay silent. */
const piecesOf = (deck: PlannedDeck): Piece[] =>
  deck.slides
    .map(({ id, has_notes }, index) => ({
      has_notes,
      of: { deck: deck.deck, slide_id: id },
      position: index + 1,
    }))
    .filter(({ has_notes }) => has_notes);

async function speakAll(
  run: Run,
  pieces: readonly Piece[],
  facts: SpeechFacts,
  step: Step,
): Promise<Spoken[]> {
  const { job_id, owner_id, fresh_for } = run;
  const choice = await chooseProviders(step, { capability: 'speaker', language: facts.language });
  let done = 0;
  return inPool(pieces, VOICES_IN_FLIGHT, async ({ of, position }) => {
    const { result } = await choice.ask(({ provider, disclosure }, answers) =>
      onProvider(provider, position ? `Voice of slide ${position}` : 'Voice').speak({
        ...{ provider, disclosure, answers, job_id, owner_id, fresh_for, source_id: facts.source_id },
        ...{ of, position, voice: facts.voice, language: facts.language },
      }),
    );
    done += 1;
    step.progress(done, pieces.length, 'voices');
    return result;
  });
}

interface SpeechFacts {
  readonly source_id: string | null;
  readonly voice?: string;
  readonly language?: string;
}

/** What was spoken: its facts, and the voices themselves. */
export interface Speech {
  readonly facts: JobOutput<'voiceover'>;
  readonly voices: readonly SlideVoice[];
}

function speak(run: Run, pieces: readonly Piece[], facts: SpeechFacts): Promise<Speech> {
  return run.step('voiceover', async (step) => {
    const spoken = await speakAll(run, pieces, facts, step);
    const [first, ...rest] = spoken;
    if (!first) throw failure({ code: 'NO_TEXT', message: 'There is nothing to say: no slide has notes' });
    const duration_s = rest.reduce((sum, spoken) => sum + spoken.duration_s, first.duration_s);
    const { provider, model, quality, disclosure } = spoken.find((one) => one.disclosure) ?? first;
    return {
      facts: {
        ...{ voices: spoken.length, duration_s: Math.round(duration_s * 100) / 100 },
        ...{ provider, model, quality, disclosure },
      },
      voices: spoken.map(({ audio, duration_s, words }, index) => ({
        ...{ position: pieces[index]?.position ?? 0, audio, duration_s },
        // Without them the film is the one that was made before.
        ...(words && { words }),
      })),
    };
  });
}

export const speakDeck = (run: Run, deck: PlannedDeck, facts: Omit<SpeechFacts, 'language'>) =>
  speak(run, piecesOf(deck), { ...facts, language: deck.language === 'und' ? undefined : deck.language });

/** The deck that the job was started with, or one that is planned first. */
export async function deckOf(
  run: Run,
  input: Named & { theme: JobInput<'voiceover'>['theme'] },
  subject: Subject,
): Promise<DisclosedDeck> {
  if (subject.stage === 'deck_spec') {
    const deck = await bookkeeping('Read the deck').openDeck({ deck: subject.blob });
    return { ...deck, disclosure: null };
  }
  return planSlides(run, await slideMaterialOf(run, input, subject), input.theme);
}

export const voiceover = job('voiceover', async (run, input) => {
  const { text, voice, language } = input;
  if (text)
    return (await speak(run, [{ of: { text }, position: 0 }], { source_id: null, voice, language })).facts;
  const subject = await openSubject(run, input);
  const deck = await deckOf(run, input, subject);
  return (await speakDeck(run, deck, { source_id: subject.source_id, voice })).facts;
});

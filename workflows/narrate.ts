/** A deck and its voices become a deck that plays by itself, captions, and a film. */
import type { JobOutput } from './contracts';
import { joined } from './disclosure';
import { failure } from './failure';
import { job, type Run } from './job';
import { openSubject } from './passages';
import { together } from './pool';
import { bookkeeping, cpu } from './proxies';
import { buildSlides, type BuiltSlides, type DisclosedDeck } from './slides';
import { deckOf, speakDeck, type Speech } from './voiceover';

/** The film is one more way to watch it: its loss is a warning. */
export async function narrateDeck(
  run: Run,
  deck: DisclosedDeck,
  { pptx, pictures, facts }: BuiltSlides,
  { voices, facts: spoken }: Speech,
  source_id: string,
): Promise<JobOutput<'narrate'>> {
  const { job_id, owner_id, fresh_for } = run;
  const disclosure = joined({
    ...{ text: deck.disclosure, pictures: facts.disclosure, voices: spoken.disclosure },
  });
  const work = { job_id, owner_id, source_id, deck: deck.deck, voices, disclosure };
  const narrate = () =>
    run.step('narrate', async (step) => {
      const { attempts, duration_s } = await cpu('Put the voices into the PowerPoint').narrateSlides({
        ...work,
        pptx,
      });
      step.did({ attempts });
      return duration_s;
    });
  const film = () =>
    run.step('video', async (step) => {
      step.did(await cpu('Film the slides').filmSlides({ ...work, fresh_for, pictures }));
      return true;
    });
  const [duration_s, video] = await together([narrate(), run.optional('the video', film)]);
  const { title, slides } = deck;
  return { title, slides: slides.length, voices: voices.length, duration_s, video: video !== null };
}

/** New notes make a new deck specification; slides that keep theirs keep their voice. */
async function withNotes(
  run: Run,
  deck: DisclosedDeck,
  notes: Record<string, string> | undefined,
  source_id: string,
): Promise<DisclosedDeck> {
  if (!notes) return deck;
  const strange = Object.keys(notes).find((id) => !deck.slides.some((slide) => slide.id === id));
  if (strange !== undefined)
    throw failure({
      ...{ code: 'UNKNOWN_SLIDE', message: `The deck has no slide "${strange}"` },
      hint: `Name some of ${deck.slides.map(({ id }) => id).join(', ')}`,
    });
  const { job_id, owner_id } = run;
  const { disclosure } = deck;
  const work = { job_id, owner_id, source_id, deck: deck.deck, notes, disclosure };
  return { ...(await bookkeeping('Edit the notes').editNotes(work)), disclosure };
}

export const narrate = job('narrate', async (run, input) => {
  const subject = await openSubject(run, input);
  const { source_id } = subject;
  const deck = await withNotes(run, await deckOf(run, input, subject), input.notes, source_id);
  const [slides, speech] = await together([
    buildSlides(run, deck, source_id),
    speakDeck(run, deck, { source_id, voice: input.voice }),
  ]);
  return narrateDeck(run, deck, slides, speech, source_id);
});

/** The lesson as a plain script: the order and the concurrency of `workflows/lesson.ts`, and nothing else of it. */
import { inPool } from '../workflows/pool';
import { perform, type Direct } from './direct';

/** As in the workflows. */
const WINDOWS_IN_FLIGHT = 8;
const SIDE_BY_SIDE = 4;

const WHO = { job_id: 'direct', owner_id: 'direct', source_id: 'source', fresh_for: null, answers: 0 };

/** The first provider of each list, which is the one that the platform takes when it is there. */
function firstChoices({ config, providers }: Direct) {
  const { transcriber, embedder, language_model, illustrator, speaker } = config.providers;
  const first = {
    ...{ transcriber: transcriber[0] ?? '', embedder: embedder[0] ?? '', writer: language_model[0] ?? '' },
    ...{ illustrator: illustrator[0] ?? '', speaker: speaker[0] ?? '' },
  };
  const { model, quality } = providers.get('transcriber', first.transcriber);
  return { ...first, model, quality };
}

type Choices = ReturnType<typeof firstChoices>;
type Acts = Direct['activities'];

async function transcribe(acts: Acts, { transcriber: provider, model, quality }: Choices): Promise<string> {
  const { pcm, windows, duration_s } = await perform(acts.decodeAudio, WHO);
  const hear = async (index: number, language?: string) => {
    const { start_s, end_s } = windows[index] ?? { start_s: 0, end_s: 0 };
    const work = { ...WHO, provider, pcm, start_s, end_s, language };
    return { start_s, end_s, ...(await perform(acts.recogniseWindow, work)) };
  };
  const first = await hear(0);
  const rest = await inPool(windows.slice(1), WINDOWS_IN_FLIGHT, (_window, index) =>
    hear(index + 1, first.language),
  );
  const heard = { ...WHO, duration_s, windows: [first, ...rest], provider, model, quality };
  return (await perform(acts.saveTranscript, heard)).blob;
}

async function embed(acts: Acts, { embedder: provider }: Choices, passages: string): Promise<void> {
  const made = await perform(acts.embedPassages, { ...WHO, provider, passages });
  await perform(acts.storeVectors, { ...WHO, of: 'transcript', passages, ...made });
}

type Deck = Awaited<ReturnType<Acts['planSlides']>>;

/** The PowerPoint and the PDF, side by side. */
async function build(acts: Acts, { illustrator: provider }: Choices, { deck, slides }: Deck) {
  const pictures = await inPool(
    slides.filter((slide) => slide.has_picture),
    SIDE_BY_SIDE,
    ({ id: slide_id }) => perform(acts.drawPicture, { ...WHO, provider, deck, slide_id }),
  );
  const work = { ...WHO, deck, pictures };
  const [{ pptx }] = await Promise.all([perform(acts.buildSlides, work), perform(acts.printSlides, work)]);
  return { pptx, pictures };
}

async function speak(acts: Acts, { speaker: provider }: Choices, { deck, slides }: Deck) {
  const pieces = slides
    .map(({ id: slide_id, has_notes }, index) => ({ slide_id, has_notes, position: index + 1 }))
    .filter(({ has_notes }) => has_notes);
  return inPool(pieces, SIDE_BY_SIDE, async ({ slide_id, position }) => {
    const of = { deck, slide_id };
    const { audio, duration_s } = await perform(acts.speak, { ...WHO, provider, of, position });
    return { position, audio, duration_s };
  });
}

async function narrate(acts: Acts, choices: Choices, deck: Deck): Promise<void> {
  const [{ pptx, pictures }, voices] = await Promise.all([
    build(acts, choices, deck),
    speak(acts, choices, deck),
  ]);
  const work = { ...WHO, deck: deck.deck, voices };
  await Promise.all([
    perform(acts.narrateSlides, { ...work, pptx }),
    perform(acts.filmSlides, { ...work, pictures }),
  ]);
}

/** Seconds that the whole lesson takes. */
export async function lessonDirectly(direct: Direct): Promise<number> {
  const acts = direct.activities;
  const choices = firstChoices(direct);
  const beganAt = performance.now();
  const blob = await transcribe(acts, choices);
  const cut = { ...WHO, title: 'Lecture', language: 'und', from: 'transcript', blob } as const;
  const { passages } = await perform(acts.cutPassages, cut);
  const [{ summary }] = await Promise.all([
    perform(acts.summarizePassages, { ...WHO, provider: choices.writer, passages, title: 'Lecture' }),
    embed(acts, choices, passages),
  ]);
  const deck = await perform(acts.planSlides, { ...WHO, summary, passages, theme: 'light' });
  await narrate(acts, choices, deck);
  return (performance.now() - beganAt) / 1000;
}

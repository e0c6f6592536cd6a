/** A summary becomes a deck: specification, pictures, PowerPoint. */
import { joined } from './disclosure';
import { failure } from './failure';
import type { DrawnPicture, PlannedDeck, Subject } from '../activities/index';
import type { JobInput, JobOutput } from './contracts';
import { job, type Run, type Step } from './job';
import { openSubject, passagesOf, type Named } from './passages';
import { inPool, together } from './pool';
import { cpu, onProvider } from './proxies';
import { summarizeMaterial } from './summarize';
import { chooseProviders } from './with-providers';

/** What slides are made of: blobs of a summary and of the passages it rests on. */
export interface SlideMaterial {
  readonly summary: string;
  readonly passages: string;
  readonly source_id: string;
  /** Of the summary; null where it was made before. */
  readonly disclosure: string | null;
}

const PICTURES_IN_FLIGHT = 4;

type Theme = JobInput<'slides'>['theme'];

/** A deck that is planned, and who wrote its text instead of whom. */
export interface DisclosedDeck extends PlannedDeck {
  readonly disclosure: string | null;
}

export function planSlides(run: Run, material: SlideMaterial, theme: Theme): Promise<DisclosedDeck> {
  const { job_id, owner_id } = run;
  return run.step('plan', async (step) => {
    const { disclosure } = material;
    const { attempts, ...deck } = await cpu('Outline to deck, fitted to its boxes').planSlides({
      ...{ ...material, job_id, owner_id, theme },
    });
    step.did({ attempts });
    return { ...deck, disclosure };
  });
}

interface Drawn {
  readonly pictures: readonly DrawnPicture[];
  readonly disclosure: string | null;
}

async function drawPictures(run: Run, deck: PlannedDeck, step: Step): Promise<Drawn> {
  const { owner_id, fresh_for } = run;
  const slides = deck.slides.filter((slide) => slide.has_picture);
  const choice = await chooseProviders(step, { capability: 'illustrator' });
  let drawn = 0;
  let disclosure: string | null = null;
  const pictures = await inPool(slides, PICTURES_IN_FLIGHT, async ({ id: slide_id }) => {
    const { result, by } = await choice.ask(({ provider }, answers) =>
      onProvider(provider, `Picture of slide ${slide_id}`).drawPicture({
        ...{ provider, answers, owner_id, fresh_for, deck: deck.deck, slide_id },
      }),
    );
    drawn += 1;
    disclosure ??= by.disclosure;
    step.progress(drawn, slides.length, 'pictures');
    return result;
  });
  return { pictures, disclosure };
}

/** A deck's files, and what went into them. */
export interface BuiltSlides {
  readonly facts: JobOutput<'slides'>;
  /** Blob. */
  readonly pptx: string;
  readonly pictures: readonly DrawnPicture[];
}

const NO_PICTURES: Drawn = { pictures: [], disclosure: null };

/** A deck without pictures, or without its PDF, is still a deck: their loss is a warning. */
export async function buildSlides(run: Run, deck: DisclosedDeck, source_id: string): Promise<BuiltSlides> {
  const { job_id, owner_id } = run;
  const draw = () => run.step('pictures', (step) => drawPictures(run, deck, step));
  const { pictures, disclosure } = (await run.optional('pictures', draw)) ?? NO_PICTURES;
  const whole = joined({ text: deck.disclosure, pictures: disclosure });
  const work = { job_id, owner_id, source_id, deck: deck.deck, pictures, disclosure: whole };
  const build = () =>
    run.step('build', async (step) => {
      const { attempts, pptx } = await cpu('Write the PowerPoint').buildSlides(work);
      step.did({ attempts });
      return pptx;
    });
  const print = () => run.step('pdf', async (step) => step.did(await cpu('Write the PDF').printSlides(work)));
  const [pptx] = await together([build(), run.optional('the PDF', print)]);
  return {
    ...{ pptx, pictures },
    facts: { title: deck.title, slides: deck.slides.length, pictures: pictures.length, disclosure },
  };
}

/** Goes on from a summary, or makes one first. */
export async function slideMaterialOf(run: Run, input: Named, subject: Subject): Promise<SlideMaterial> {
  const { stage, blob, passages, source_id } = subject;
  if (stage === 'summary' && passages) return { summary: blob, passages, source_id, disclosure: null };
  const material = await passagesOf(run, input, subject);
  if (material.count === 0)
    throw failure({ code: 'NO_TEXT', message: 'There are no words to make slides of' });
  const { summary, disclosure } = await summarizeMaterial(run, material);
  return { summary, passages: material.passages, source_id, disclosure };
}

export const slides = job('slides', async (run, input) => {
  const subject = await openSubject(run, input);
  const material = await slideMaterialOf(run, input, subject);
  const deck = await planSlides(run, material, input.theme);
  return (await buildSlides(run, deck, subject.source_id)).facts;
});

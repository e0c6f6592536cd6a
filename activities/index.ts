/** All activities of a worker, made from what they need. Workflows import the types, never the values. */
import type { Db } from '../prisma/client';
import type { Blobs } from '../store/blobs';
import type { Vectors } from '../store/vectors';
import { createBookkeepingActivities } from './bookkeeping';
import type { Budgets } from './budgets';
import { createBuildSlidesActivities } from './build-slides';
import { createPassageActivities } from './cut-passages';
import { createCheckActivities } from './check-provider';
import { createDecodeActivities } from './decode-audio';
import type { Metrics } from './deck/metrics';
import { loadFontFiles } from './load-fonts';
import { createDrawActivities } from './draw-picture';
import { createEmbedActivities } from './embed-passages';
import { createFilmActivities } from './film-slides';
import { createNarrateActivities } from './narrate-slides';
import { createOnce } from './once';
import { createPrintActivities } from './print-slides';
import { createSubjectActivities } from './open-subject';
import { createPlanActivities } from './plan-providers';
import { createPlanSlidesActivities } from './plan-slides';
import type { Providers } from './providers/registry';
import { createRecogniseActivities } from './recognise-window';
import { createSaveTranscriptActivities } from './save-transcript';
import { createSpeakActivities } from './speak';
import { createStoreVectorsActivities } from './store-vectors';
import { createSummarizeActivities } from './summarize';
import { createTranscribeWholeActivities } from './transcribe-whole';

export interface ActivityDeps {
  readonly db: Db;
  readonly blobs: Blobs;
  readonly vectors: Vectors;
  readonly providers: Providers;
  /** Path of the program. */
  readonly ffmpeg: string;
  readonly stepTimeoutS: number;
  readonly budgets: Budgets;
  /** The embedder that the extractive writer measures with. */
  readonly embedder: string;
  readonly loadMetrics: () => Promise<Metrics>;
}

export function createActivities(deps: ActivityDeps) {
  const { db, blobs } = deps;
  const all = { ...deps, once: createOnce({ db, blobs }) };
  return {
    ...createBookkeepingActivities(all),
    ...createPlanActivities(all),
    ...createCheckActivities(all),
    ...createSubjectActivities(all),
    ...createDecodeActivities(all),
    ...createRecogniseActivities(all),
    ...createTranscribeWholeActivities(all),
    ...createSaveTranscriptActivities(all),
    ...createPassageActivities(all),
    ...createEmbedActivities(all),
    ...createStoreVectorsActivities(all),
    ...createSummarizeActivities(all),
    ...createPlanSlidesActivities(all),
    ...createDrawActivities(all),
    ...createBuildSlidesActivities(all),
    ...createSpeakActivities(all),
    ...createNarrateActivities(all),
    ...createPrintActivities({ ...all, loadFontFiles }),
    ...createFilmActivities(all),
  };
}

export type Activities = ReturnType<typeof createActivities>;

/** What the worker's interceptor adds to every result, since a workflow cannot read attempts otherwise. */
export interface Attempted {
  readonly attempts: number;
}

export type { FailureFacts } from './failures';
export type { Candidate } from './check-provider';
export type { CutPassages } from './cut-passages';
export type { DecodedAudio } from './decode-audio';
export type { Subject } from './open-subject';
export type { PlannedProvider, ProviderNeeds, ProviderPlan, Wanted } from './plan-providers';
export type { RecognisedWindow } from './recognise-window';
export type { DrawnPicture } from './draw-picture';
export type { PlannedDeck } from './plan-slides';
export type { SlideVoice } from './narrate-slides';
export type { Spoken } from './speak';
export type { Summarized } from './summarize';
export type { WholeHeard } from './transcribe-whole';
export type { ProviderCheck } from './try-provider';

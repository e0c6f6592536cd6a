/** All activities of a worker, made from what they need. Workflows import the types, never the values. */
import type { Db } from '../prisma/client';
import type { Blobs } from '../store/blobs';
import { createBookkeepingActivities } from './bookkeeping';
import { createDecodeActivities } from './decode-audio';
import { createOnce } from './once';
import { createPlanActivities } from './plan-providers';
import type { Providers } from './providers/registry';
import { createRecogniseActivities } from './recognise-window';
import { createSaveTranscriptActivities } from './save-transcript';

export interface ActivityDeps {
  readonly db: Db;
  readonly blobs: Blobs;
  readonly providers: Providers;
  /** Path of the program. */
  readonly ffmpeg: string;
  readonly stepTimeoutS: number;
}

export function createActivities({ db, blobs, providers, ffmpeg, stepTimeoutS }: ActivityDeps) {
  const once = createOnce({ db, blobs });
  return {
    ...createBookkeepingActivities({ db, blobs }),
    ...createPlanActivities({ db, stepTimeoutS }),
    ...createDecodeActivities({ db, blobs, once, ffmpeg }),
    ...createRecogniseActivities({ blobs, once, providers }),
    ...createSaveTranscriptActivities({ db, blobs }),
  };
}

export type Activities = ReturnType<typeof createActivities>;

/** What the worker's interceptor adds to every result, since a workflow cannot read attempts otherwise. */
export interface Attempted {
  readonly attempts: number;
}

export type { FailureFacts } from './failures';
export type { DecodedAudio } from './decode-audio';
export type { PlannedProvider, ProviderNeeds } from './plan-providers';
export type { RecognisedWindow } from './recognise-window';

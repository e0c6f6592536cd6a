/** A whole recording left to a vendor: begun, asked for, taken away. Temporal waits in between, nobody else. */
import type { Blobs } from '../store/blobs';
import { SAMPLE_RATE } from './audio/levels';
import { primaryOf } from '../domain/language';
import { currentCall } from './call';
import { runFfmpeg } from './ffmpeg';
import type { Once, OnceKey } from './once';
import { permanent } from './providers/error';
import type { Providers } from './providers/registry';
import type { BatchTranscriber, Recognition } from './providers/spec';

export interface WholeInput {
  readonly provider: string;
  readonly answers: number;
  readonly owner_id: string;
  readonly fresh_for: string | null;
  /** Blob: 16 kHz mono, as `decodeAudio` leaves it. */
  readonly pcm: string;
  readonly language?: string;
}

/** The recognised text's blob and language, once it is there. */
export interface WholeHeard {
  readonly blob: string | null;
  readonly language: string | null;
}

interface Submitted extends WholeHeard {
  readonly id: string | null;
  readonly look_every_s: number;
}

const VERSION = 1;
/** Its work takes from minutes to hours. */
const LOOK_EVERY_S = 30;
/** Longer than a vendor's queue may be; signed links live seven days at most. */
const LINK_S = 24 * 3600;
const FLAC = 'audio/flac';

/** Nothing to keep yet. */
class NotYet extends Error {}

interface WholeDeps {
  readonly blobs: Blobs;
  readonly once: Once;
  readonly providers: Providers;
  readonly ffmpeg: string;
}

/** Half as long as it was, and without loss. */
async function asFlac(
  { blobs, ffmpeg }: Pick<WholeDeps, 'blobs' | 'ffmpeg'>,
  pcm: string,
  signal: AbortSignal,
) {
  const raw = ['-f', 's16le', '-ar', String(SAMPLE_RATE), '-ac', '1', '-i', await blobs.file(pcm, signal)];
  const run = runFfmpeg(ffmpeg, [...raw, '-f', 'flac', 'pipe:1'], signal);
  const [stored] = await Promise.all([blobs.put(run.stdout, signal), run.ended]);
  return stored.sha256;
}

export function createTranscribeWholeActivities({ blobs, once, providers, ffmpeg }: WholeDeps) {
  function batchOf(provider: string): { batch: BatchTranscriber; model: string } {
    const { batch, model } = providers.get('transcriber', provider);
    if (!batch) throw permanent(provider, { code: 'NO_BATCH', what: 'it takes no whole recordings' });
    return { batch, model };
  }

  const keyOf = (step: string, input: WholeInput, model: string): OnceKey => ({
    ...{ owner_id: input.owner_id, fresh_for: input.fresh_for, step, version: VERSION, blobs: [input.pcm] },
    ...{ parameters: { language: input.language }, provider: input.provider, model },
  });

  /** What was heard, now or before; nulls where it was not. */
  async function kept(
    input: WholeInput,
    model: string,
    collect: () => Promise<Recognition | undefined> = async () => undefined,
  ): Promise<WholeHeard> {
    try {
      return await once(keyOf('collectTranscription', input, model), currentCall(), async () => {
        const recognition = await collect();
        if (!recognition) throw new NotYet();
        const { sha256 } = await blobs.put(JSON.stringify(recognition));
        return { blob: sha256, language: recognition.language };
      });
    } catch (error) {
      if (error instanceof NotYet) return { blob: null, language: null };
      throw error;
    }
  }

  return {
    /**
     * Begins, once for this run of the job; null where our blobs cannot be fetched from elsewhere.
     * What was heard before needs nobody.
     */
    async submitTranscription(input: WholeInput): Promise<Submitted> {
      const { batch, model } = batchOf(input.provider);
      const { link } = blobs;
      const call = currentCall();
      const heard = await kept(input, model);
      if (heard.blob !== null || !link) return { id: null, look_every_s: LOOK_EVERY_S, ...heard };
      const key = keyOf('submitTranscription', input, model);
      const ofRun = { ...key, parameters: { ...key.parameters, holder: call.holder } };
      const { id } = await once(ofRun, call, async () => {
        const facts = { media_type: FLAC, disposition: 'attachment', expires_s: LINK_S };
        // Named in the result, so that whoever looks for bytes of nobody's knows whose it is.
        const audio = await asFlac({ blobs, ffmpeg }, input.pcm, call.signal);
        const audioUrl = await link(audio, facts);
        const language = primaryOf(input.language);
        return { audio, ...(await batch.submit({ audioUrl, language, signal: call.signal })) };
      });
      return { id, look_every_s: LOOK_EVERY_S, ...heard };
    },

    /** Asks what came of it, and keeps what did; nulls while it is under way. */
    async collectTranscription(input: WholeInput & { readonly id: string }): Promise<WholeHeard> {
      const { batch, model } = batchOf(input.provider);
      const { signal } = currentCall();
      return kept(input, model, () => batch.collect({ id: input.id, signal }));
    },

    /** Leaves nothing at the vendor. */
    async discardTranscription({ provider, id }: { provider: string; id: string }): Promise<void> {
      await batchOf(provider).batch.discard({ id, signal: currentCall().signal });
    },
  };
}

import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { deckSchema, type Deck } from '../domain/deck';
import type { Db } from '../prisma/client';
import { toVtt } from './audio/captions';
import { currentCall } from './call';
import { slideSeconds } from './deck/narration';
import { deckTranscript } from './deck/narration-captions';
import { scenePng } from './deck/scene-svg';
import { reportProgress } from './heartbeat';
import { spokenSlides, type SlideVoice } from './narrate-slides';
import type { Once } from './once';
import { readJson } from './read-json';
import { drawableScenes, readDeck, type DeckBlobs, type DeckReader } from './read-deck';
import { saveArtifact } from './save-artifact';
import { makeVideo, type VideoSlide } from './video';

export interface FilmSlidesInput extends DeckBlobs {
  readonly job_id: string;
  readonly owner_id: string;
  readonly source_id: string;
  readonly fresh_for: string | null;
  readonly voices: readonly SlideVoice[];
  readonly disclosure?: string | null;
}

interface Film {
  /** Blob: MP4. */
  readonly video: string;
  readonly duration_s: number;
}

const VERSION = 1;

interface FilmSlidesDeps extends DeckReader {
  readonly db: Db;
  readonly once: Once;
  readonly ffmpeg: string;
}

export function createFilmActivities({ db, blobs, once, ffmpeg, loadMetrics }: FilmSlidesDeps) {
  /** Draws each slide into `folder` and names the voice that goes with it. */
  async function shoot(
    input: FilmSlidesInput,
    folder: string,
    signal: AbortSignal,
  ): Promise<{ deck: Deck; shots: VideoSlide[] }> {
    const read = await readDeck({ blobs, loadMetrics }, input);
    const spoken = await spokenSlides(blobs, read.deck, input.voices);
    const shots: VideoSlide[] = [];
    for (const scene of drawableScenes(read)) {
      const png = path.join(folder, `${shots.length + 1}.png`);
      await writeFile(png, await scenePng(scene, read.metrics, signal));
      const voice = spoken[shots.length]?.voice;
      const audio = voice && (await blobs.file(voice.audio, signal));
      shots.push({ title: scene.title, png, audio, seconds: slideSeconds(voice) });
    }
    return { deck: read.deck, shots };
  }

  async function film(input: FilmSlidesInput, signal: AbortSignal): Promise<Film> {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'lm-film-'));
    try {
      const { deck, shots } = await shoot(input, folder, signal);
      const { title, language } = deck;
      const captions = toVtt(deckTranscript(await spokenSlides(blobs, deck, input.voices), deck));
      const out = path.join(folder, 'film.mp4');
      const onProgress = (share: number) =>
        reportProgress(Math.round(100 * share), 100, 'percent of the film');
      const slides = { title, language, slides: shots, captions };
      const { duration_s } = await makeVideo({ ffmpeg, folder, out, signal, onProgress, ...slides });
      const { sha256: video } = await blobs.put(createReadStream(out), signal);
      return { video, duration_s };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  return {
    /** Films the slides with their voices: MP4 with chapters and captions. */
    async filmSlides(input: FilmSlidesInput): Promise<{ duration_s: number }> {
      const call = currentCall();
      const { job_id, owner_id, source_id: content_id, fresh_for, deck: spec, disclosure = null } = input;
      const pictures = input.pictures.map(({ slide_id, image, credit }) => ({ slide_id, image, credit }));
      const parameters = { pictures, voices: input.voices };
      const key = { owner_id, fresh_for, step: 'filmSlides', version: VERSION, blobs: [spec], parameters };
      const { video, duration_s } = await once(key, call, () => film(input, call.signal));
      const { title, language, provider, model, quality } = await readJson(blobs, spec, deckSchema);
      const facts = { job_id, owner_id, content_id, kind: 'video', language } as const;
      const metadata = { provider, model, quality, disclosure, duration_s };
      const file = { media_type: 'video/mp4', file_name: `${title}.mp4`, metadata };
      await saveArtifact({ db, blobs }, { ...facts, ...file }, blobs.stream(video));
      return { duration_s };
    },
  };
}

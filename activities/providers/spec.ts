/**
 * What the platform asks of a provider: one interface per capability, no vendor's words in it.
 * An adapter is a factory: settings in, one of these objects out; creating it does no I/O.
 * Every call takes an `AbortSignal`, never retries, and fails with a `ProviderError`
 * (an abort passes through as the signal's reason).
 */
import type { Units } from '../../domain/cost';
import type { Picture, Theme } from '../../domain/deck';

/** `basic` is said wherever its results are shown; `standard` and `high` are full results. */
export type Quality = 'basic' | 'standard' | 'high';

export interface ProviderInfo {
  /** The provider's name in configuration, rows and metadata, for example `whisper`. */
  readonly provider: string;
  readonly model: string;
  readonly quality: Quality;
}

export type { Units };

export interface Call {
  readonly signal: AbortSignal;
  /** Told of every answer that is billed, also of one that then fails; `as` where it is billed as another model. */
  readonly used?: (units: Units, as?: string) => void;
}

export interface TimedWord {
  readonly text: string;
  readonly start_s: number;
  readonly end_s: number;
}

/** A stretch of recognised speech; seconds count from the start of the samples. */
export interface RecognizedSegment {
  readonly text: string;
  readonly start_s: number;
  readonly end_s: number;
  readonly words?: readonly TimedWord[];
}

export interface Recognition {
  /** BCP 47 primary subtag of what was spoken. */
  readonly language: string;
  readonly segments: readonly RecognizedSegment[];
}

/** For long recordings: the vendor fetches the file and works on its own; nobody waits in between. */
export interface BatchTranscriber {
  /** Seconds of audio from which it is worth while. */
  readonly fromS: number;
  /** Begins; `audioUrl` must be one that the vendor can fetch. `id` names the work from then on. */
  submit(call: Call & { audioUrl: string; language?: string }): Promise<{ id: string }>;
  /** What came of it, or undefined while it is under way. A failed one is a permanent error. */
  collect(call: Call & { id: string }): Promise<Recognition | undefined>;
  /** Removes it at the vendor, finished or not; what is gone already is no error. */
  discard(call: Call & { id: string }): Promise<void>;
}

export interface Transcriber extends ProviderInfo {
  /** Longest audio, in seconds, that one call takes; windows are cut to it. */
  readonly maxWindowS: number;
  /** BCP 47 primary subtags it speaks; `any` lets the provider decide. */
  readonly languages: readonly string[] | 'any';
  readonly times: 'word' | 'segment' | 'window';
  /** `samples` are 16 kHz mono in −1…1; `language` undefined means: recognise it. */
  transcribe(call: Call & { samples: Float32Array; language?: string }): Promise<Recognition>;
  readonly batch?: BatchTranscriber;
}

export interface Voice {
  readonly id: string;
  readonly name: string;
  /** BCP 47. */
  readonly language: string;
}

export interface Speech {
  /** Audio in a container that ffmpeg reads. */
  readonly audio: Uint8Array;
  readonly media_type: string;
  /** When each word is spoken, where the vendor says so. */
  readonly words?: readonly TimedWord[];
}

export interface Speaker extends ProviderInfo {
  /** The first one is the default. */
  readonly voices: readonly Voice[];
  /** `language` (BCP 47) chooses among the voices where none is named. */
  speak(call: Call & { text: string; voice?: string; language?: string }): Promise<Speech>;
}

export interface Embedder extends ProviderInfo {
  readonly dimension: number;
  /** One unit-length vector per text, in order; some models make other vectors of a question than of what answers it. */
  embed(call: Call & { texts: readonly string[]; purpose?: 'document' | 'query' }): Promise<Float32Array[]>;
}

export interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
}

export interface LanguageModel extends ProviderInfo {
  /** With `schema` (a JSON Schema) the text is one JSON value that the caller still validates. */
  generate(call: Call & Question): Promise<{ text: string; usage: Usage }>;
}

export interface Question {
  readonly system: string;
  readonly prompt: string;
  readonly max_tokens: number;
  readonly schema?: Record<string, unknown>;
  /** Asks for a stream and is given each piece of text as it comes; the answer is still the whole text. */
  readonly onText?: (piece: string) => void;
}

export interface RecognizedWord {
  readonly text: string;
  /** 0…1. */
  readonly confidence: number;
  /** Pixels from the upper left corner. */
  readonly box: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  };
}

export interface PageText {
  /** In reading order, lines and paragraphs kept; empty where nothing is written. */
  readonly text: string;
  /** 0…1; null where the engine does not say. */
  readonly confidence: number | null;
  /** Empty where the engine gives no places. */
  readonly words: readonly RecognizedWord[];
}

export interface OcrEngine extends ProviderInfo {
  /** Raised when the same image gives another text: a new prompt, new data. */
  readonly version: number;
  /** BCP 47 primary subtags it reads; `any` lets the provider decide. */
  readonly languages: readonly string[] | 'any';
  /** An upright photo or page. */
  recognize(
    call: Call & {
      image: Uint8Array;
      media_type: 'image/png' | 'image/jpeg' | 'image/webp';
      language?: string;
    },
  ): Promise<PageText>;
}

export interface Illustration {
  readonly image: Uint8Array;
  readonly media_type: 'image/png' | 'image/jpeg';
  /** Photographer and licence, where the source asks for it. */
  readonly credit?: string;
}

export interface Illustrator extends ProviderInfo {
  illustrate(call: Call & { picture: Picture; theme: Theme }): Promise<Illustration>;
}

/** Everything a worker may have; the keys are the capabilities' names. */
export interface Capabilities {
  transcriber: Transcriber;
  speaker: Speaker;
  embedder: Embedder;
  language_model: LanguageModel;
  illustrator: Illustrator;
  ocr: OcrEngine;
}

export type Capability = keyof Capabilities;

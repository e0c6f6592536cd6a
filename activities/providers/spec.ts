/**
 * What the platform asks of a provider: one interface per capability, no vendor's words in it.
 * An adapter is a factory: settings in, one of these objects out; creating it does no I/O.
 * Every call takes an `AbortSignal`, never retries, and fails with a `ProviderError`
 * (an abort passes through as the signal's reason).
 */
import type { Picture, Theme } from '../../domain/deck';

/** `basic` is said wherever its results are shown; `standard` and `high` are full results. */
export type Quality = 'basic' | 'standard' | 'high';

export interface ProviderInfo {
  /** The provider's name in configuration, rows and metadata, for example `whisper`. */
  readonly provider: string;
  readonly model: string;
  readonly quality: Quality;
}

export interface Call {
  readonly signal: AbortSignal;
}

/** A stretch of recognised speech; seconds count from the start of the samples. */
export interface RecognizedSegment {
  readonly text: string;
  readonly start_s: number;
  readonly end_s: number;
  readonly words?: readonly { readonly text: string; readonly start_s: number; readonly end_s: number }[];
}

export interface Recognition {
  /** BCP 47 primary subtag of what was spoken. */
  readonly language: string;
  readonly segments: readonly RecognizedSegment[];
}

export interface Transcriber extends ProviderInfo {
  /** Longest audio, in seconds, that one call takes; windows are cut to it. */
  readonly maxWindowS: number;
  /** BCP 47 primary subtags it speaks; `any` lets the provider decide. */
  readonly languages: readonly string[] | 'any';
  readonly times: 'word' | 'segment' | 'window';
  /** `samples` are 16 kHz mono in −1…1; `language` undefined means: recognise it. */
  transcribe(call: Call & { samples: Float32Array; language?: string }): Promise<Recognition>;
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
}

export interface Speaker extends ProviderInfo {
  /** The first one is the default. */
  readonly voices: readonly Voice[];
  /** `language` (BCP 47) chooses among the voices where none is named. */
  speak(call: Call & { text: string; voice?: string; language?: string }): Promise<Speech>;
}

export interface Embedder extends ProviderInfo {
  readonly dimension: number;
  /** One unit-length vector per text, in order. */
  embed(call: Call & { texts: readonly string[] }): Promise<Float32Array[]>;
}

export interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
}

export interface LanguageModel extends ProviderInfo {
  /** With `schema` (a JSON Schema) the text is one JSON value that the caller still validates. */
  generate(
    call: Call & { system: string; prompt: string; max_tokens: number; schema?: Record<string, unknown> },
  ): Promise<{ text: string; usage: Usage }>;
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
}

export type Capability = keyof Capabilities;

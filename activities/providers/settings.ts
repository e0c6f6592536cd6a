/** What the owner of an installation gives: files of engines, keys and models of vendors. */
import type { Metrics } from '../deck/metrics';

/** Where each local engine's files lie; absent means: not fetched. */
export interface EnginePaths {
  readonly whisper?: string;
  readonly moonshine?: string;
  readonly piper?: string;
  readonly espeakData?: string;
  readonly mpnet?: string;
}

/** What their owners give: a vendor without its settings is missing. */
export interface VendorSettings {
  readonly openai?: {
    readonly base_url?: string;
    readonly api_key?: string;
    readonly chat_model?: string;
    readonly speech_model?: string;
    readonly voice?: string;
    readonly transcription_model?: string;
  };
  readonly bedrock?: {
    readonly region?: string;
    readonly endpoint?: string;
    readonly chat_model?: string;
    readonly vision_model?: string;
    readonly embedding_model?: string;
  };
  readonly ollama?: {
    readonly base_url?: string;
    readonly chat_model?: string;
    readonly vision_model?: string;
    readonly embedding_model?: string;
  };
  readonly azure?: {
    readonly key?: string;
    readonly region?: string;
    readonly voice?: string;
    readonly endpoint?: string;
  };
  readonly pexels?: { readonly api_key?: string; readonly base_url?: string };
}

export interface AdapterSettings {
  /** Native processes side by side, per engine. */
  readonly processes: number;
  /** Milliseconds after which an unused engine leaves memory. */
  readonly idleMs: number;
  readonly whisperModel: 'base' | 'tiny.en';
  /** Asked again for what was missing: models may come while we run. */
  readonly paths: () => EnginePaths;
  /** The deck's fonts, which drawn pictures are lettered with. */
  readonly loadMetrics: () => Promise<Metrics>;
  readonly vendors: VendorSettings;
  /** Limits every wait for a vendor, in milliseconds; without it each adapter has its own. */
  readonly timeoutMs?: number;
}

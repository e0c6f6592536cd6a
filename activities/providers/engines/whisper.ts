import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Segment, Whisper, WhisperFullParams, WhisperSamplingStrategy } from '@napi-rs/whisper';
import { serve } from './serve';

export interface WhisperRequest {
  /** 16 kHz mono. */
  readonly samples: Float32Array;
  /** Whisper's own code, or `auto`. */
  readonly language: string;
  /** Encoder frames of 20 ms; 0 is the model's full 30 s. */
  readonly audioContext: number;
}

/** A word or a piece of one, without the space before it. */
export interface WhisperPiece {
  readonly text: string;
  /** Units of 10 ms. */
  readonly start: number;
  readonly end: number;
}

export interface WhisperResult {
  /** What was said, with its spaces. */
  readonly text: string;
  readonly language: string;
  readonly pieces: readonly WhisperPiece[];
}

serve(async ({ modelPath }: { modelPath: string }) => {
  const model = new Whisper(modelPath, { useGpu: false });

  return async ({ samples, language, audioContext }: WhisperRequest): Promise<WhisperResult> => {
    const pieces: Segment[] = [];
    const params = parametersFor(language, audioContext);
    params.onNewSegment = (piece) => pieces.push(piece);
    const text = model.full(params, samples);
    // The callbacks arrive after `full` has returned, at the latest in the next round of the event loop.
    await nextTurn();
    await nextTurn();
    return { text, language: Whisper.lang(model.fullLangId) ?? language, pieces };
  };
});

function parametersFor(language: string, audioContext: number): WhisperFullParams {
  const params = new WhisperFullParams(WhisperSamplingStrategy.Greedy);
  params.language = language;
  params.audioCtx = audioContext;
  // Two processes of one thread beat one process of two.
  params.nThreads = 1;
  params.noContext = true;
  params.suppressNonSpeechTokens = true;
  // One word per segment is how whisper.cpp gives word times.
  params.tokenTimestamps = true;
  params.maxLen = 1;
  params.splitOnWord = true;
  params.printProgress = false;
  params.printRealtime = false;
  params.printTimestamps = false;
  return params;
}

/** Speech synthesis over the service's WebSocket: https://learn.microsoft.com/azure/ai-services/speech-service/how-to-speech-synthesis */
import {
  CancellationDetails,
  ResultReason,
  SpeechSynthesisBoundaryType,
  SpeechSynthesisOutputFormat,
  SpeechSynthesizer,
  type SpeechSynthesisWordBoundaryEventArgs,
} from 'microsoft-cognitiveservices-speech-sdk';
import { PROVIDER, speechConfig, TICKS_PER_SECOND, timeoutsOf, type AzureSettings } from './azure';
import { overOneConnection, type Outcome } from './azure-call';
import { cancellation } from './azure-errors';
import { piecesOf, ssmlOf } from './azure-text';
import { chooseVoice, voicesOf } from './azure-voices';
import { unasked } from './error';
import { badAnswer, type Timeouts } from './http';
import type { Speaker, Speech, TimedWord } from './spec';

export interface AzureSpeakerSettings extends AzureSettings {
  /** `en-US-AvaMultilingualNeural`: the default voice. */
  readonly voice: string;
}

/** Of one piece: some minutes of speech, which the service makes faster than they last. */
const TIMEOUTS: Timeouts = { firstByteMs: 15_000, totalMs: 180_000 };

/** WAV: the one format whose pieces can be put together without an encoder. */
const FORMAT = SpeechSynthesisOutputFormat.Riff24Khz16BitMonoPcm;
const BYTES_PER_SECOND = 48_000;
/** Of the header that the SDK writes: http://soundfile.sapp.org/doc/WaveFormat/ */
const HEADER_BYTES = 44;
/** The service counts its silence at the end or does not. */
const MISSING_S = 0.5;

interface Piece {
  readonly wav: Buffer;
  readonly words: readonly TimedWord[];
}

export function azureSpeaker(settings: AzureSpeakerSettings): Speaker {
  const voices = voicesOf(settings.voice);
  const timeouts = timeoutsOf(settings, TIMEOUTS);
  return {
    provider: PROVIDER,
    model: 'neural',
    quality: 'high',
    voices,

    async speak({ text, voice, language, signal, used }) {
      signal.throwIfAborted();
      const chosen = chooseVoice(voices, { voice, language });
      if (!/[\p{L}\p{N}]/u.test(text))
        throw unasked(PROVIDER, { code: 'NOTHING_TO_SAY', what: 'the text has no word' });
      const pieces: Piece[] = [];
      for (const part of piecesOf(text, chosen.language)) {
        const said = await overOneConnection<SpeechSynthesizer, Said>(
          { signal, key: settings.key, timeouts },
          () => synthesizerOf(settings),
          (synthesizer, outcome) => say(synthesizer, ssmlOf(part, chosen), outcome),
        );
        used?.({ characters: [...part].length });
        pieces.push(checked(said, part));
      }
      return joined(pieces);
    },
  };
}

function synthesizerOf(settings: AzureSettings): SpeechSynthesizer {
  const config = speechConfig(settings);
  config.speechSynthesisOutputFormat = FORMAT;
  return new SpeechSynthesizer(config, null);
}

interface Said extends Piece {
  /** What the service says it has sent; 0 where it does not say. */
  readonly seconds: number;
}

function say(synthesizer: SpeechSynthesizer, ssml: string, { done, failed }: Outcome<Said>): void {
  const words: TimedWord[] = [];
  synthesizer.wordBoundary = (_synthesizer, boundary) => note(words, boundary);
  synthesizer.speakSsmlAsync(
    ssml,
    (result) => {
      if (result.reason !== ResultReason.SynthesizingAudioCompleted)
        return failed(cancellation(CancellationDetails.fromResult(result).ErrorCode));
      const seconds = (result.audioDuration ?? 0) / TICKS_PER_SECOND;
      done({ wav: Buffer.from(result.audioData), words, seconds });
    },
    () => failed(badAnswer(PROVIDER, 'the answer cannot be read')),
  );
}

const CLOSING = /^[.,;:!?…)\]}»”’。，、；：！？]+$/;

/** Marks come as boundaries of their own and belong to the word before them, as they do in a transcript. */
function note(words: TimedWord[], boundary: SpeechSynthesisWordBoundaryEventArgs): void {
  const { text, audioOffset, duration, boundaryType } = boundary;
  const last = words.at(-1);
  if (boundaryType === SpeechSynthesisBoundaryType.Word)
    words.push({
      text,
      start_s: audioOffset / TICKS_PER_SECOND,
      end_s: (audioOffset + duration) / TICKS_PER_SECOND,
    });
  else if (last && CLOSING.test(text)) words[words.length - 1] = { ...last, text: last.text + text };
}

const secondsOf = ({ wav }: Piece): number => (wav.length - HEADER_BYTES) / BYTES_PER_SECOND;

/** The SDK takes any length for an answer, none too. A part without a word may be silent. */
function checked(said: Said, part: string): Piece {
  const seconds = Math.max(0, secondsOf(said));
  if (seconds === 0 && /[\p{L}\p{N}]/u.test(part)) throw badAnswer(PROVIDER, 'no sound came');
  if (seconds < said.seconds - MISSING_S)
    throw badAnswer(
      PROVIDER,
      `${seconds.toFixed(1)} s of sound came instead of ${said.seconds.toFixed(1)} s`,
    );
  return said;
}

/** One sound, in which later words are spoken later. */
function joined(pieces: readonly Piece[]): Speech {
  const header = Buffer.from(pieces[0]!.wav.subarray(0, HEADER_BYTES));
  const pcm = Buffer.concat(pieces.map(({ wav }) => wav.subarray(HEADER_BYTES)));
  header.writeUInt32LE(HEADER_BYTES - 8 + pcm.length, 4);
  header.writeUInt32LE(pcm.length, 40);
  let from = 0;
  const words = pieces.flatMap((piece) => {
    const start = from;
    from += secondsOf(piece);
    return piece.words.map(({ text, start_s, end_s }) => ({
      ...{ text, start_s: start + start_s, end_s: Math.min(start + end_s, from) },
    }));
  });
  return { audio: Buffer.concat([header, pcm]), media_type: 'audio/wav', words };
}

import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesField } from './protobuf';

/** The parts of a Piper voice's JSON that the engine needs. */
interface PiperConfig {
  readonly audio: { readonly sample_rate: number };
  readonly espeak: { readonly voice: string };
  readonly num_speakers: number;
  readonly phoneme_id_map: Readonly<Record<string, readonly number[]>>;
}

/** Field of `ModelProto` that holds key-value metadata. */
const METADATA_PROPS = 14;

/** sherpa-onnx reads a voice's facts from `voice.onnx` itself and its phonemes from a text file. */
export async function convertPiper(folder: string, into: string): Promise<void> {
  const config = JSON.parse(await readFile(join(folder, 'voice.json'), 'utf8')) as PiperConfig;
  // Repeated fields may stand anywhere in a message, so the metadata can go to the end.
  await appendFile(join(folder, 'voice.onnx'), Buffer.concat(metadataFields(config)));
  await writeFile(join(folder, into), phonemeTable(config));
}

export function metadataFields(config: PiperConfig): Buffer[] {
  const facts = {
    model_type: 'vits',
    comment: 'piper',
    language: 'English',
    voice: config.espeak.voice,
    has_espeak: 1,
    n_speakers: config.num_speakers,
    sample_rate: config.audio.sample_rate,
    version: 1,
  };
  return Object.entries(facts).map(([key, value]) =>
    bytesField(METADATA_PROPS, [bytesField(1, key), bytesField(2, String(value))]),
  );
}

export function phonemeTable({ phoneme_id_map }: PiperConfig): string {
  return Object.entries(phoneme_id_map)
    .map(([phoneme, ids]) => `${phoneme} ${ids[0]}\n`)
    .join('');
}

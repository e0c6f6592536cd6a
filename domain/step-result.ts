/** What a finished step made names its blobs at the top level, by SHA-256. */
const isBlobName = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

export const blobsNamedIn = (result: object): string[] => Object.values(result).filter(isBlobName);

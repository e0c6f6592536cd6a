/** Bytes from anywhere in a file, without the rest of it. */
import { open, type FileHandle } from 'node:fs/promises';

/** Fewer where the file ends before. */
export type ReadAt = (at: number, bytes: number) => Promise<Buffer>;

const readerOf =
  (handle: FileHandle): ReadAt =>
  async (at, bytes) => {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, at);
    return buffer.subarray(0, bytesRead);
  };

/** `use` gets a reader that is good until it is done. */
export async function withReader<Result>(
  file: string,
  use: (read: ReadAt, bytes: number) => Promise<Result>,
): Promise<Result> {
  const handle = await open(file, 'r');
  try {
    return await use(readerOf(handle), (await handle.stat()).size);
  } finally {
    await handle.close();
  }
}

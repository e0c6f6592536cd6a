/** The platform, and the same engines called directly in this process, over one source. */
import { createClient, type Client } from './client';
import { directly, type Direct } from './direct';
import { newFolder, removeFolder, withPlatform, type Platform } from './platform';

export interface Beside {
  readonly platform: Platform;
  readonly client: Client;
  readonly direct: Direct;
  readonly source_id: string;
}

export async function besideDirect<Result>(
  { name, bytes }: { readonly name: string; readonly bytes: Buffer },
  use: (beside: Beside) => Promise<Result>,
): Promise<Result> {
  const folder = await newFolder();
  try {
    return await withPlatform({}, async (platform) => {
      const client = createClient(platform);
      const source_id = await client.upload(bytes, name);
      const direct = await directly(folder, bytes, platform.chroma);
      const result = await use({ platform, client, direct, source_id });
      client.close();
      return result;
    });
  } finally {
    await removeFolder(folder);
  }
}

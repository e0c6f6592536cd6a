/** Programs and weights, fetched once per user; what cannot be had is named, and the tests that need it say so. */
import { main as fetchAll } from '../assets/main';
import { loadConfig } from '../config';

export default async function fetchAssets(): Promise<void> {
  const { cache_dir, ffmpeg_path, embedded } = loadConfig();
  const given = { ffmpeg: ffmpeg_path, 'temporal-cli': embedded.temporal_cli_path };
  await fetchAll(cache_dir, given, () => undefined).catch((error: unknown) => {
    console.warn(error instanceof Error ? error.message : error);
  });
}

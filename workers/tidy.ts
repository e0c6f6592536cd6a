/** Removes, now and then, what killed processes have left. */
import { removeAbandoned, type Abandoned } from '../store/abandoned';

const EVERY_MS = 3600 * 1000;

export function startTidying(
  places: readonly Abandoned[],
  { onError }: { onError: (error: unknown) => void },
): { stop(): void } {
  const tidy = () => void Promise.all(places.map((place) => removeAbandoned(place))).catch(onError);
  tidy();
  const timer = setInterval(tidy, EVERY_MS);
  return { stop: () => clearInterval(timer) };
}

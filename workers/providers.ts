/** The configured providers of a process, with the files and fonts that lie on this machine. */
import { loadMetrics } from '../activities/load-fonts';
import { createProviders, type Providers, type ProviderWatch } from '../activities/providers/registry';
import { locateAsset } from '../assets/locate';
import type { Config } from '../config';

export function providersOf(config: Config, watch?: ProviderWatch): Providers {
  const { worker, cache_dir, whisper_model } = config;
  const { provider_timeout_s } = worker;
  return createProviders({
    order: config.providers,
    processes: worker.cpu_slots,
    idleMs: worker.engine_idle_s * 1000,
    breakerCooldownS: worker.breaker_cooldown_s,
    timeoutMs: provider_timeout_s && provider_timeout_s * 1000,
    whisperModel: whisper_model,
    paths: () => ({
      whisper: locateAsset(`whisper-${whisper_model}`, cache_dir),
      moonshine: locateAsset('moonshine-tiny-en', cache_dir),
      piper: locateAsset('piper-joe', cache_dir),
      espeakData: locateAsset('espeak-ng-data', cache_dir),
      mpnet: locateAsset('mpnet', cache_dir),
    }),
    vendors: config.vendors,
    loadMetrics,
    watch,
  });
}

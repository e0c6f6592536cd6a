/** Azure Speech: https://learn.microsoft.com/azure/ai-services/speech-service/ */
import { PropertyId, SpeechConfig } from 'microsoft-cognitiveservices-speech-sdk';
import type { Timeouts } from './http';

export const PROVIDER = 'azure';

export interface AzureSettings {
  readonly key: string;
  /** `westeurope`; the key belongs to it. */
  readonly region: string;
  /** Another address, for example a container of one's own: `http://` or `ws://`, with or without an `s`. */
  readonly endpoint?: string;
  /** Limits every wait, in milliseconds. */
  readonly timeoutMs?: number;
}

/** Times and lengths are counted in hundreds of nanoseconds. */
export const TICKS_PER_SECOND = 10_000_000;

/** The address that the portal shows of a region's resource; it speaks REST only. */
const REGIONAL = /\.api\.cognitive\.(microsoft\.com|microsoft\.us|azure\.cn)$/;
/** A resource with a name of its own; it has today's paths, a container those of the SDK's older version. */
const NAMED = /\.cognitiveservices\.azure\.(com|us|cn)$/;

/** How the SDK reaches the service. */
export function speechConfig({ key, region, endpoint }: AzureSettings): SpeechConfig {
  const host = endpoint === undefined ? undefined : new URL(endpoint);
  const isRegional = host === undefined || REGIONAL.test(host.hostname);
  const config = isRegional
    ? SpeechConfig.fromSubscription(key, region)
    : SpeechConfig.fromHost(new URL(host.origin.replace(/^http/, 'ws')), key);
  if (host && NAMED.test(host.hostname))
    config.setProperty(PropertyId.SpeechServiceConnection_RecognitionEndpointVersion, '2');
  // Nothing retries but Temporal.
  config.setProperty('SPEECH-Error-MaxRetryCount', '0');
  return config;
}

const REST_HOSTS = [
  [/^china/, 'azure.cn'],
  [/^usgov/, 'microsoft.us'],
  [/^/, 'microsoft.com'],
] as const;

/** Where the REST API is. */
export function restUrl({ region, endpoint }: AzureSettings): string {
  if (endpoint !== undefined) return new URL(endpoint.replace(/^ws/, 'http')).origin;
  const [, domain] = REST_HOSTS.find(([regions]) => regions.test(region))!;
  return `https://${region}.api.cognitive.${domain}`;
}

export const timeoutsOf = ({ timeoutMs }: AzureSettings, usual: Timeouts): Timeouts =>
  timeoutMs === undefined ? usual : { firstByteMs: timeoutMs, totalMs: timeoutMs };

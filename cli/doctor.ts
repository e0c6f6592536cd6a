/**
 * `npm run doctor`: what this installation can do, what is missing, and the cure. `npm run doctor -- --check` also asks
 * every provider something small, which may cost a fraction of a cent.
 */
import { existsSync } from 'node:fs';
import { tryProvider } from '../activities/try-provider';
import { loadConfig } from '../config';
import { EXTRACTIVE, type Offer } from '../domain/offer';
import { providersOf } from '../workers/providers';
import { diagnosis, isFit, type Finding } from './diagnosis';

async function checked(offer: Offer, providers: ReturnType<typeof providersOf>): Promise<Finding> {
  if (!offer.available || offer.provider === EXTRACTIVE) return { offer };
  const { signal } = new AbortController();
  const capability = offer.capability as Parameters<typeof tryProvider>[1]['capability'];
  return { offer, check: await tryProvider(providers, { capability, provider: offer.provider }, signal) };
}

async function main(): Promise<boolean> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const providers = providersOf(loadConfig());
  const isChecking = process.argv.includes('--check');
  const findings: Finding[] = [];
  // One after the other: engines of our own need all the memory and every core.
  for (const offer of providers.offers())
    findings.push(isChecking ? await checked(offer, providers) : { offer });
  console.log(diagnosis(findings));
  return isFit(findings);
}

main().then(
  (isWell) => process.exit(isWell ? 0 : 1),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);

/** The writer behind a name in the configured order of language models. */
import { EXTRACTIVE } from '../../domain/offer';
import type { Capabilities } from '../providers/spec';
import { extractive } from './extractive';
import { prompted } from './prompted';
import type { Writer } from './writer';

/** The part of the registry that writers need. */
export interface WriterProviders {
  get<Name extends 'embedder' | 'language_model'>(capability: Name, provider: string): Capabilities[Name];
}

/** `embedder` is the name of the one that the extractive writer measures with. */
export function createWriter(provider: string, providers: WriterProviders, embedder: string): Writer {
  return provider === EXTRACTIVE
    ? extractive(providers.get('embedder', embedder))
    : prompted(providers.get('language_model', provider));
}

/** What the doctor says. */
import type { ProviderCheck } from '../activities/try-provider';
import type { Offer } from '../domain/offer';

export interface Finding {
  readonly offer: Offer;
  /** What came of asking it; absent where it was not asked. */
  readonly check?: ProviderCheck;
}

const TITLES: Readonly<Record<string, string>> = {
  transcriber: 'Speech to text',
  speaker: 'Text to speech',
  embedder: 'Vectors',
  language_model: 'Writing',
  illustrator: 'Pictures',
  ocr: 'Text in pictures',
};

const isWell = ({ offer, check }: Finding): boolean => offer.available && check?.ok !== false;

/** Every capability that is asked for at all has somebody who can do it, and nobody who was asked failed. */
export function isFit(findings: readonly Finding[]): boolean {
  const wanted = findings.filter(({ offer }) => offer.configured);
  const able = new Set(wanted.filter(isWell).map(({ offer }) => offer.capability));
  return wanted.every(({ offer, check }) => able.has(offer.capability) && check?.ok !== false);
}

const sentence = (text: string | null): string => (text ? text.charAt(0).toUpperCase() + text.slice(1) : '');

function lineOf(finding: Finding): string {
  const { offer, check } = finding;
  const { provider, model, configured, reason, cure, voices } = offer;
  const sign = isWell(finding) ? '✓' : configured ? '✗' : '·';
  const name = `  ${sign} ${provider.padEnd(10)}`;
  if (check && !check.ok)
    return `${name} ${check.message}\n${' '.repeat(15)}Cure: ${check.hint ?? 'see its message'}`;
  if (!offer.available) return `${name} ${sentence(reason)}\n${' '.repeat(15)}Cure: ${cure}`;
  const spoken = voices ? `, ${voices.length} voice${voices.length === 1 ? '' : 's'}` : '';
  const took = check ? `, answered in ${check.took_s} s` : '';
  return `${name} ${model ?? ''}${spoken}${took}`.trimEnd();
}

/** By capability, in the order in which providers are asked; then what else could be. */
export function diagnosis(findings: readonly Finding[]): string {
  const capabilities = [...new Set(findings.map(({ offer }) => offer.capability))];
  return capabilities
    .map((capability) => {
      const lines = findings.filter(({ offer }) => offer.capability === capability).map(lineOf);
      return [TITLES[capability] ?? capability, ...lines].join('\n');
    })
    .join('\n\n');
}

/** Languages and the locale in which each is recognised where only the language is known. */

/** https://learn.microsoft.com/azure/ai-services/speech-service/language-support?tabs=stt */
export const LOCALES: Readonly<Record<string, string>> = {
  ...{ en: 'en-US', de: 'de-DE', es: 'es-ES', fr: 'fr-FR', it: 'it-IT', pt: 'pt-BR', nl: 'nl-NL' },
  ...{ da: 'da-DK', sv: 'sv-SE', nb: 'nb-NO', no: 'nb-NO', fi: 'fi-FI', is: 'is-IS', et: 'et-EE' },
  ...{ lv: 'lv-LV', lt: 'lt-LT', pl: 'pl-PL', cs: 'cs-CZ', sk: 'sk-SK', sl: 'sl-SI', hr: 'hr-HR' },
  ...{ sr: 'sr-RS', mk: 'mk-MK', bg: 'bg-BG', ro: 'ro-RO', hu: 'hu-HU', el: 'el-GR', tr: 'tr-TR' },
  ...{ uk: 'uk-UA', ru: 'ru-RU', ca: 'ca-ES', gl: 'gl-ES', eu: 'eu-ES', ga: 'ga-IE', cy: 'cy-GB' },
  ...{ mt: 'mt-MT', sq: 'sq-AL', ar: 'ar-EG', he: 'he-IL', fa: 'fa-IR', hi: 'hi-IN', bn: 'bn-IN' },
  ...{ ta: 'ta-IN', te: 'te-IN', ur: 'ur-IN', zh: 'zh-CN', ja: 'ja-JP', ko: 'ko-KR', vi: 'vi-VN' },
  ...{ th: 'th-TH', id: 'id-ID', ms: 'ms-MY', fil: 'fil-PH', sw: 'sw-KE', am: 'am-ET', af: 'af-ZA' },
};

/** Looked for where nobody says what is spoken; identification at the start takes four at the most. */
export const CANDIDATES = ['en-US', 'de-DE', 'es-ES', 'fr-FR'] as const;

/** `und` for what the service calls unknown. */
export function primaryOf(locale: string | undefined): string {
  const primary = locale?.split(/[-_]/, 1).join('').toLowerCase() ?? '';
  return /^[a-z]{2,3}$/.test(primary) ? primary : 'und';
}

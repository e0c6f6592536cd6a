/** Which voice speaks; the service has 500 more, any of which may be the configured one. */
import { primaryOf } from '../../domain/language';
import { PROVIDER } from './azure';
import { unasked } from './error';
import type { Voice } from './spec';

/** https://learn.microsoft.com/azure/ai-services/speech-service/language-support?tabs=tts */
const IDS = [
  'en-US-AvaMultilingualNeural',
  'en-US-AndrewMultilingualNeural',
  'en-US-EmmaMultilingualNeural',
  'en-US-BrianMultilingualNeural',
  ...['en-GB-LibbyNeural', 'en-AU-NatashaNeural', 'en-IN-NeerjaNeural'],
  ...['de-DE-KatjaNeural', 'fr-FR-DeniseNeural', 'es-ES-AlvaroNeural', 'es-MX-DaliaNeural'],
  ...['it-IT-IsabellaNeural', 'pt-BR-FranciscaNeural', 'pt-PT-DuarteNeural', 'nl-NL-ColetteNeural'],
  ...['sv-SE-SofieNeural', 'nb-NO-PernilleNeural', 'da-DK-ChristelNeural', 'fi-FI-SelmaNeural'],
  ...['pl-PL-AgnieszkaNeural', 'cs-CZ-AntoninNeural', 'hu-HU-NoemiNeural', 'ro-RO-AlinaNeural'],
  ...['el-GR-AthinaNeural', 'tr-TR-AhmetNeural', 'uk-UA-OstapNeural', 'ru-RU-SvetlanaNeural'],
  ...['ar-EG-SalmaNeural', 'he-IL-AvriNeural', 'hi-IN-MadhurNeural', 'zh-CN-XiaoxiaoNeural'],
  ...['ja-JP-NanamiNeural', 'ko-KR-SunHiNeural', 'vi-VN-HoaiMyNeural', 'th-TH-PremwadeeNeural'],
];

/** The locale stands first in a voice's name; a voice made to order has none, and its settings say more than we know. */
const LOCALE = /^[a-z]{2,3}(-[A-Z][a-z]{3})?-([A-Z]{2}|\d{3})(?=-)/;

function voiceOf(id: string): Voice {
  const language = LOCALE.exec(id)?.[0] ?? 'en-US';
  const name = id.slice(LOCALE.test(id) ? language.length + 1 : 0).replace(/(Multilingual)?Neural$/, '');
  return { id, name: name || id, language };
}

/** The configured one first, which makes it the default. */
export const voicesOf = (configured: string): Voice[] => [...new Set([configured, ...IDS])].map(voiceOf);

/** The named one; else one of that region; else one of that language. */
export function chooseVoice(
  voices: readonly Voice[],
  { voice, language }: { voice?: string; language?: string },
): Voice {
  if (voice !== undefined) return voices.find(({ id }) => id === voice) ?? refuseVoice(voice);
  const [usual] = voices as [Voice];
  if (language === undefined) return usual;
  const wanted = primaryOf(language === 'no' ? 'nb' : language);
  const able = voices.filter((one) => primaryOf(one.language) === wanted);
  const exact = able.find((one) => one.language.toLowerCase() === language.toLowerCase());
  return exact ?? able[0] ?? refuseLanguage(language);
}

function refuseVoice(voice: string): never {
  throw unasked(PROVIDER, {
    ...{ code: 'VOICE_UNKNOWN', what: `no voice "${voice}"` },
    hint: 'Choose one of the voices listed, or set AZURE_SPEECH_VOICE.',
  });
}

function refuseLanguage(language: string): never {
  throw unasked(PROVIDER, {
    ...{ code: 'LANGUAGE_UNSUPPORTED', what: `no voice speaks "${language}"` },
    hint: 'Set AZURE_SPEECH_VOICE to a voice of that language.',
  });
}

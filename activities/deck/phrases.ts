/** The few words that a deck adds of its own, in the languages that it has them for; English for the others. */

interface Phrases {
  readonly keyTerms: string;
  readonly recap: string;
  readonly overview: string;
  /** Spoken. */
  readonly welcome: (title: string) => string;
  readonly agenda: (list: string) => string;
  readonly termsAre: (list: string) => string;
  readonly recapOpening: string;
  readonly ordinals: readonly string[];
  /** Alternative texts of pictures. */
  readonly inOrder: (title: string, list: string) => string;
  readonly inCycle: (title: string, list: string) => string;
  readonly partsOf: (title: string, list: string) => string;
  readonly compared: (one: string, other: string) => string;
}

const en: Phrases = {
  keyTerms: 'Key terms',
  recap: 'Recap',
  overview: 'Overview',
  welcome: (title) => `Our topic is ${title}.`,
  agenda: (list) => `Here is what we will cover: ${list}.`,
  termsAre: (list) => `The key terms are ${list}.`,
  recapOpening: 'Let us go over the main points once more.',
  ordinals: ['First', 'Second', 'Third', 'Fourth', 'Fifth', 'Sixth'],
  inOrder: (title, list) => `${title}, in order: ${list}.`,
  inCycle: (title, list) => `${title} as a cycle of ${list}.`,
  partsOf: (title, list) => `${title} in the middle, surrounded by ${list}.`,
  compared: (one, other) => `${one} compared with ${other}.`,
};

const de: Phrases = {
  keyTerms: 'Wichtige Begriffe',
  recap: 'Zusammenfassung',
  overview: 'Überblick',
  welcome: (title) => `Unser Thema ist ${title}.`,
  agenda: (list) => `Darum geht es: ${list}.`,
  termsAre: (list) => `Die wichtigen Begriffe sind ${list}.`,
  recapOpening: 'Gehen wir die wichtigsten Punkte noch einmal durch.',
  ordinals: ['Erstens', 'Zweitens', 'Drittens', 'Viertens', 'Fünftens', 'Sechstens'],
  inOrder: (title, list) => `${title}, der Reihe nach: ${list}.`,
  inCycle: (title, list) => `${title} als Kreislauf: ${list}.`,
  partsOf: (title, list) => `${title} in der Mitte, umgeben von ${list}.`,
  compared: (one, other) => `${one} im Vergleich mit ${other}.`,
};

const es: Phrases = {
  keyTerms: 'Términos clave',
  recap: 'Resumen',
  overview: 'Panorama',
  welcome: (title) => `Nuestro tema es ${title}.`,
  agenda: (list) => `Veremos lo siguiente: ${list}.`,
  termsAre: (list) => `Los términos clave son ${list}.`,
  recapOpening: 'Repasemos una vez más los puntos principales.',
  ordinals: ['Primero', 'Segundo', 'Tercero', 'Cuarto', 'Quinto', 'Sexto'],
  inOrder: (title, list) => `${title}, en orden: ${list}.`,
  inCycle: (title, list) => `${title} como ciclo: ${list}.`,
  partsOf: (title, list) => `${title} en el centro, rodeado de ${list}.`,
  compared: (one, other) => `${one} en comparación con ${other}.`,
};

const fr: Phrases = {
  keyTerms: 'Termes clés',
  recap: 'Récapitulatif',
  overview: 'Aperçu',
  welcome: (title) => `Notre sujet : ${title}.`,
  agenda: (list) => `Nous allons voir ceci : ${list}.`,
  termsAre: (list) => `Les termes clés sont ${list}.`,
  recapOpening: 'Reprenons une dernière fois les points principaux.',
  ordinals: [
    'Premièrement',
    'Deuxièmement',
    'Troisièmement',
    'Quatrièmement',
    'Cinquièmement',
    'Sixièmement',
  ],
  inOrder: (title, list) => `${title}, dans l’ordre : ${list}.`,
  inCycle: (title, list) => `${title}, un cycle : ${list}.`,
  partsOf: (title, list) => `${title} au centre, entouré de ${list}.`,
  compared: (one, other) => `${one} comparé à ${other}.`,
};

const BY_LANGUAGE: Readonly<Record<string, Phrases>> = { en, de, es, fr };

export const phrasesIn = (language: string): Phrases => BY_LANGUAGE[language.split('-')[0]!] ?? en;

/** `a, b and c`. */
export const listIn = (language: string, items: readonly string[]): string =>
  new Intl.ListFormat(language, { type: 'conjunction' }).format(items);

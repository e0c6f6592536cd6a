/** Mends and completes what pptxgenjs writes. One function per part of the package; a later pass adds its own. */
import type { Deck, Theme } from '../../domain/deck';
import { type Mend, mendParts, readPackage, writePackage } from './package';
import { mix } from './themes';
import { attributesOf, childrenOf, descendants, element, nameOf, sortChildren, textNode } from './xml';

/** ECMA-376 part 1, 19.2.1.26. */
const PRESENTATION_SEQUENCE = [
  ...['p:sldMasterIdLst', 'p:notesMasterIdLst', 'p:handoutMasterIdLst', 'p:sldIdLst', 'p:sldSz', 'p:notesSz'],
  ...['p:embeddedFontLst', 'p:custShowLst', 'p:photoAlbum', 'p:custDataLst', 'p:kinsoku'],
  ...['p:defaultTextStyle', 'p:modifyVerifier', 'p:extLst'],
];

/** pptxgenjs puts the notes master after the slides. */
const presentationOrder: Mend = {
  parts: /^ppt\/presentation\.xml$/,
  change: (root) => sortChildren(root, PRESENTATION_SEQUENCE),
};

/** It repeats a paragraph's properties before every run of it; the first ones count. */
const oneParagraphProperties: Mend = {
  parts: /^ppt\/slides\/[^/]+\.xml$/,
  change: (root) => {
    for (const node of descendants(root)) {
      if (nameOf(node) !== 'a:p') continue;
      const kept = childrenOf(node).filter((one, index) => index === 0 || nameOf(one) !== 'a:pPr');
      childrenOf(node).splice(0, Infinity, ...kept);
    }
  },
};

/** It marks every placeholder as having a prompt of its own, though that is empty, and gives layouts default margins. */
const placeholders: Mend = {
  parts: /^ppt\/slide(?:s|Layouts)\/[^/]+\.xml$/,
  change: (root) => {
    for (const shape of [...descendants(root)].filter((node) => nameOf(node) === 'p:sp')) {
      const parts = [...descendants(shape)];
      const mark = parts.find((node) => nameOf(node) === 'p:ph');
      const body = parts.find((node) => nameOf(node) === 'a:bodyPr');
      if (!mark || !body) continue;
      delete attributesOf(mark)['hasCustomPrompt'];
      Object.assign(attributesOf(body), { lIns: '0', tIns: '0', rIns: '0', bIns: '0' });
    }
  },
};

/** Random ids of sections would make every build differ. */
const stableSections: Mend = {
  parts: /^ppt\/presentation\.xml$/,
  change: (root) => {
    const sections = [...descendants(root)].filter((node) => nameOf(node) === 'p14:section');
    sections.forEach((section, index) => {
      attributesOf(section)['id'] = `{4C4D0000-0000-4000-8000-${String(index + 1).padStart(12, '0')}}`;
    });
  },
};

/** The theme's colours by their role, so that changing the theme in PowerPoint recolours the deck. */
const themeColors = (theme: Theme): Mend => ({
  parts: /^ppt\/theme\/theme1\.xml$/,
  change: (root) => {
    const { background, text, muted, accent, accent2 } = theme;
    const blend = (share: number) => mix(accent, background, share);
    const scheme: Record<string, string> = {
      ...{ 'a:dk1': text, 'a:lt1': background, 'a:dk2': muted, 'a:lt2': blend(0.09) },
      ...{
        'a:accent1': accent,
        'a:accent2': accent2,
        'a:accent3': blend(0.7),
        'a:accent4': mix(accent2, background, 0.7),
      },
      ...{ 'a:accent5': muted, 'a:accent6': blend(0.45), 'a:hlink': accent, 'a:folHlink': muted },
    };
    for (const node of descendants(root)) {
      const color = scheme[nameOf(node)];
      if (color) childrenOf(node).splice(0, Infinity, element('a:srgbClr', { val: color }));
      if (nameOf(node) === 'a:clrScheme') attributesOf(node)['name'] = theme.name;
    }
  },
});

/** `de` → `de-DE`, as office programs name proofing languages. */
function proofingLanguage(language: string): string {
  const { language: primary, region } = new Intl.Locale(language).maximize();
  return region ? `${primary}-${region}` : primary;
}

/** Spell checkers and screen readers go by the language of the text. */
const textLanguage = (language: string): Mend => ({
  parts:
    /^ppt\/(?:slides|slideLayouts|slideMasters|notesSlides|notesMasters)\/[^/]+\.xml$|^ppt\/presentation\.xml$/,
  change: (root) => {
    for (const node of descendants(root)) {
      const attributes = attributesOf(node);
      if (attributes['lang']) attributes['lang'] = proofingLanguage(language);
    }
  },
});

/** No clock here: instead of the time of the build the file says what language it is in. */
const coreProperties = (language: string): Mend => ({
  parts: /^docProps\/core\.xml$/,
  change: (root) => {
    const children = childrenOf(root);
    const kept = children.filter((node) => !nameOf(node).startsWith('dcterms:'));
    children.splice(0, Infinity, ...kept, element('dc:language', {}, [textNode(language)]));
  },
});

const mendsFor = ({ language, theme }: Deck): Mend[] => [
  presentationOrder,
  oneParagraphProperties,
  placeholders,
  stableSections,
  themeColors(theme),
  textLanguage(language),
  coreProperties(language),
];

export async function finish(pptx: Uint8Array, deck: Deck, more: readonly Mend[] = []): Promise<Uint8Array> {
  const parts = await readPackage(pptx);
  mendParts(parts, [...mendsFor(deck), ...more]);
  return writePackage(parts);
}

/** Word lists for finding what a sentence is about. English; in other languages lengths and punctuation decide. */

const words = (list: string): ReadonlySet<string> => new Set(list.split(/\s+/));

/** No label starts or ends with one. */
export const LIGHT_WORDS = words(`
  a an the this that these those it its it's they their them we our you your he she his her i my
  and or but so if then than as at by for from in into inside of off on onto out over per through to up upon via with
  within without about after around before between during under versus vs compared
  is are was were be been being am has have had do does did can could will would shall should may might must
  not no also just very more most much many some any each every all both such there here
  when while where which who whose what how why because only even still again
  first second third next finally later thus hence instead used other others
  one two three four five six seven eight nine ten today now way ways old deep thing things`);

/** What precedes one is what the sentence is about. */
export const AUXILIARIES = words(`
  is are was were be been being has have had can could will would may might must shall should do does did`);

export const LINKS = words(`
  at by for from in into inside of off on onto over through to upon via with within without about after around before
  between during under that which who where when while because if and or but as than then so back down up out away
  directly only first`);

const VERBS = words(`
  absorb accept act add affect allow apply appear argue arrive ask attach attack attract balance become begin behave
  believe belong bind bring build burn call capture carry cause change charge choose claim close collect combine come
  compete compute conclude condense connect consist consume contain continue control convert cool correspond count
  cover create cross cut decide declare decline decrease define deliver depend describe destroy determine develop
  differ discover divide dominate draw drive drop eat emerge emit employ enable encode end enter establish evaporate
  evolve exceed exist expand explain express extend face fail fall feed find fix flow follow force form freeze gain
  generate get give go govern grow happen hear heat help hit hold host identify improve include increase indicate
  influence inherit introduce invade invent involve join keep kill know lack last launch lead learn leave let lie
  lift limit link live lose maintain make mark matter mean measure melt meet model modify move need observe obtain
  occur offer open operate oppose order own pass pay perform permit play point predict present press prevent proceed
  produce promote protect prove provide publish pull pump push put raise reach react read receive reduce refer reflect
  regenerate regulate release rely remain remove repeat replace represent require resist respond rest restore result
  return reveal rise rotate run say search see seem select sell send separate serve set share shift show sign sink
  solve speak spend split spread stand start stay stop store strike study suggest supply support surround survive take
  teach tell think trace transfer transform transmit transport travel trigger try turn understand unite use vary waste
  win work write`);

const IRREGULAR = words(`
  became began brought built chose came drew drove ate fell fed found froze got gave went grew heard held kept knew led
  left lost made meant met paid proved ran said saw sold sent showed shown stood struck took taught told thought
  understood won wrote taken given written built held sent split spread`);

const STEMS = [/s$/, /es$/, /ed$/, /d$/];

/** Also inflected, as in `absorbs`, `closes`, `carried`. */
export function isVerb(word: string): boolean {
  if (VERBS.has(word) || IRREGULAR.has(word)) return true;
  const plain = word.replace(/ie(s|d)$/, 'ye$1').replace(/([bdgmnprt])\1ed$/, '$1ed');
  return STEMS.some((ending) => ending.test(plain) && VERBS.has(plain.replace(ending, '')));
}

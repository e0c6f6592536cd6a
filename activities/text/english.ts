/** Lists of English words that the text rules share. */

const list = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/));

/** Function words and the small change of speech; none begins or ends a term or a title. */
export const STOP_WORDS = list(`
  a about above across after again against all almost along already also although always am among an and another any
  anybody anyone anything are aren't around as at away back be because been before behind being below between both but
  by came can can't cannot could couldn't did didn't do does doesn't doing don't done down during each either else
  enough even ever every everybody everyone everything few for from further get gets getting give gives given go goes
  going gone got had hadn't has hasn't have haven't having he he's her here here's hers herself him himself his how
  however i i'd i'll i'm i've if in indeed inside instead into is isn't it it's its itself just keep keeps kept let let's lets like
  likely made make makes making many may maybe me mean means might mine more most much must my myself near nearly neither
  never next no nobody none nor not nothing now of off often oh ok okay on once one ones only onto or other others
  otherwise ought our ours ourselves out outside over own per perhaps please put quite rather really right roughly said same
  say says see seem seems seen shall she should shouldn't simply since so some somebody someone something sometimes soon
  still straight such take takes taken than that that's the their theirs them themselves then there there's therefore these they
  they're they've thing things this those though through thus to today together tomorrow too toward towards under
  underneath until up upon upwards us use used uses using usually very via want wants was wasn't way we we'd we'll we're
  we've well went were weren't what what's whatever when whenever where whereas wherever whether which whichever while
  who who's whoever whole whom whose why will with within without won't would wouldn't yes yesterday yet you you'd
  you'll you're you've your yours yourself yourselves
`);

/** Verbs, numbers and pale adjectives, which would glue nouns together: "warm air carries dust". They end a phrase. */
export const BREAKERS = list(`
  absorb absorbs absorbed add adds added allow allows allowed appear appears ask asks asked become becomes became begin begins began begun belong
  belongs break breaks bring brings brought build builds built bump bumps call catch catches caught calls called carry carries carried cause
  causes caused change changes changed choose climb climbs cling clings collect collects come comes connect connects
  consist consists contain contains contained continue continues convert converts cool cools cost count cover covers
  create creates created cut decide decides depend depends describe describes die died draw draws drink drive drives
  drop eat emerge enter enters evaporate evaporates evaporated exist exists expand expands explain explains fall falls
  fallen feel fell fill fills filled find finds fix flow flows follow follows form forms formed found gain gains grab grabs gather gathers grow
  grows grown hang hanging happen happens happened hear heat heats held help helps hit hold holds imagine include
  includes increase increases join joins know known knows lead leads learn leave leaves left lies live lives look looks
  lose loses lost measure measures meet meets met mix move moves moved need needs occur occurs open pass passes pay
  place pollute produce produces produced pull pulls push pushes reach reaches reflect reflects release releases released rely remain
  remains remember remove removes require requires rise rises rose run runs seep send sends separate separates set
  shine shines show shows shown shrink sink sinks sit sits soak speak spread stand start starts started stay stays stick
  stop stops store stores stored talk tell think turn turns turned travel travels try understand vary wait warms watch win wish
  work works worked write writes wrote
  paid spent sold bought taught thought sought fought won fed sat slept drew flew knew threw wore tore froze drove
  broke spoke woke stole sank sang drank rang shook stood understood meant dealt overthrew
  ago twice billions hundreds thousands millions million billion thousand hundred percent half third quarter two three four
  five six seven eight nine ten twelve twenty fifty amazing easy hard lovely different important big bigger small
  smaller little large larger single ordinary main whole good better best bad great huge tiny strange simple real true interesting main
  certain various several first second fourth fifth sixth later earlier
`);

/** How something is: never a name by itself, and seldom the first word of one. */
export const QUALITIES = list(`
  thick thin cold hot warm cool heavy light fast slow high low deep shallow long short old new young early late wide
  narrow broad strong weak soft solid liquid wet dry rich poor full empty fresh clean clear dark bright loud quiet quick
  rapid steep flat round sharp smooth rough tall upper lower outer inner equal similar possible impossible common rare
  modern ancient recent present former far close open busy safe wrong nice beautiful strange stiff front top
  colder hotter warmer heavier lighter faster slower higher deeper longer shorter older newer younger stronger weaker
`);

/** Too general to be a term or a title of a section by themselves. */
export const GENERIC = list(`
  answer area aspect bit case cause chapter class clue concept day difference end example experiment fact factor feature
  form group hour idea job journey kind law lecture lesson level lot matter means method minute moment month morning
  name night number object part people period person phase piece place point principle problem process question reason
  result role rule second section sentence side situation sort stage step story subject system theory thing time title topic trick
  type unit way week word work world year man woman child everyone body course home
`);

/** What is counted is no subject: "two inches". */
export const MEASURES = list(
  'degree dollar foot feet gram inch kilogram kilometer kilometre liter litre meter metre mile pound ton tonne euro',
);

/** Sentences that state no fact about the subject: questions, talk about the talk, what people wrongly believe. English. */
import { speaksEnglish } from './words';

const anyOf = (...sources: readonly string[]): RegExp => new RegExp(sources.join('|'), 'iu');

const TALK = '(?:lesson|lecture|class|talk|video|course|chapter|presentation|session|podcast|episode)';
const SAY =
  '(?:talk|speak|look|see|discuss|cover|learn|study|explore|start|begin|explain|describe|go|turn|move|come|return|introduce|show|tell|give|ask|focus|think|find out|examine|investigate|review|recap|summari[sz]e|sum|finish|stop|consider|hear|answer)\\b';

const ABOUT_TALK = anyOf(
  `^let(?:'s| us| me)\\b`,
  `\\b(?:we|i)(?:'re|'m| are| am)? (?:going to|gonna) ${SAY}`,
  `\\b(?:we|i)(?:'ll| will)(?: now| first| then| also| next)? ${SAY}`,
  `\\b(?:we|i)(?:'d| would)? (?:like|want) to ${SAY}`,
  `\\bin this ${TALK},? (?:we|i|you)\\b`,
  `\\btoday,? we (?:look|turn|talk|start|begin|continue|study|learn|discuss|want)\\b`,
  `^(?:today's|this|our) (?:${TALK}|topic|subject) (?:today )?(?:is|will be)\\b`,
  `\\b(?:by|at|until) the end of (?:this|the|today's|our) ${TALK}\\b`,
  `\\byou(?:'ll| will| should) (?:now )?be able to\\b`,
  `^(?:so far|until now|up to now|up to here),? (?:we|i|you)\\b`,
  `^what (?:we|you)(?:'ve| have) (?:seen|heard|learne?[dt]|done|said)\\b`,
  `^(?:here(?:'s| is| are| comes?)|one (?:more|last|final) thing|(?:the|our|my) (?:\\w+ )?question (?:is|was|now|remains))(?!\\w)`,
  `^(?:that|this|which) (?:brings|leads|takes) us\\b`,
  `^(?:moving on (?:to|from)|turning (?:now )?to|coming back to)\\b`,
  `^that(?:'s| is| was) (?:all|it|enough|everything|the end)\\b`,
);

/** A sentence that organizes the talk, or asks: never a statement for a summary. */
export const statesNothing = (text: string, language: string): boolean =>
  speaksEnglish(language) && (isQuestion(text) || ABOUT_TALK.test(text) || REFUTES.test(text));

const isQuestion = (text: string): boolean => /\?["'”’)]*$/.test(text);

const THINK = '(?:believe|think|assume|imagine)(?:d|s)?|believed|thought';
const BELIEVE = `(?:${THINK}|(?:suppose|say|claim)(?:d|s)?|said|are (?:convinced|sure))`;
const OFTEN = '(?:often|still|usually|sometimes|once|long|wrongly|mistakenly|commonly|always|even)';
/** What these think is what is known. */
const EXPERTS = '(?:\\w*(?:ists|ians)|experts|researchers|scholars|engineers|doctors)\\b';
const MISTAKE = '(?:mistake|misconception|misunderstanding|myth|fallacy|confusion)';

const BELIEF = anyOf(
  `\\b(?:many|most|some|several|(?:a )?lots? of|few) (?!${EXPERTS})(?:[\\p{L}-]+ (?!${EXPERTS})){0,3}?(?:${OFTEN} )*${BELIEVE}\\b`,
  `\\b(?:people|everyone|everybody|students|beginners|children) (?:(?:${OFTEN}|would|might|may) )*(?:${THINK})\\b(?! (?:of|about)\\b)`,
  `\\b(?:you|one)(?:'d| (?:might|may|could|would|will|probably|perhaps))(?: (?:also|well|perhaps|now|even|first))* (?:think|expect|believe|guess|suppose|assume|imagine|have (?:heard|thought|read))\\b`,
  `\\bwe (?:(?:might|may|${OFTEN}) )+(?:${THINK})\\b`,
  `\\b(?:scientists|experts|doctors|\\w+(?:ists|ians)) (?:once|originally|wrongly|mistakenly|long|first) (?:${THINK})\\b`,
  `\\b(?:tend|like|used|forgiven|tempting|tempted|easy|natural|wrong)(?: for)? (?:to )?(?:think|believe|assume|imagine|suppose|thinking|believing|assuming)\\b`,
  `\\bit(?:'s| is| was) (?:often|commonly|widely|sometimes|generally|long) (?:thought|believed|assumed|said|claimed)\\b`,
  `\\b(?:common|popular|widespread|frequent|typical|usual|classic|old|big|biggest) (?:\\w+ )?${MISTAKE}\\b|\\bcommon (?:error|belief)\\b`,
  `^(?:an?|one|another|the) (?:\\w+ )?(?:${MISTAKE}|belief) (?:is|was|says|holds|about|that)\\b`,
  `\\btempting to\\b`,
);

const HOWEVER = '(?:(?:but|no|yet|however|actually|in fact),? )*';
const WRONG =
  "(?:(?:not|n't) (?:true|so|right|correct|the case|how|what)|wrong|false|untrue|incorrect|nonsense|only half|a (?:\\w+ )?(?:myth|mistake|misconception))";
/** Says no more than that what went before is wrong. */
const REFUTES = anyOf(
  `^${HOWEVER}(?:that|this|it|they|both|neither)(?:'s| is|'re| are| was| were) ?${WRONG}\\b(?=[^,;]{0,25}[.!]$)`,
  `^${HOWEVER}(?:that|this|it|they|he|she|we|you) ?(?:(?:do|does|did|is|are|was|were|can|could|will|would)(?: not|n't)|cannot)[.!]$`,
  `^(?:no|wrong|nonsense|not (?:true|at all|so|quite|exactly|really))[.!]$`,
);

/** Per sentence whether it tells what people believe, or is taken back by the next one. */
export function mistaken(sentences: readonly string[], language: string): boolean[] {
  if (!speaksEnglish(language)) return sentences.map(() => false);
  return sentences.map((text, at) => BELIEF.test(text) || REFUTES.test(sentences[at + 1] ?? ''));
}

export const tellsMistake = (text: string): boolean => BELIEF.test(text);

import { expect, test } from '@jest/globals';
import { timing, transition } from './narration-timing';
import { attributesOf, childrenOf, nameOf, type Node, writeXml } from './xml';

/** One element a line, children further in. */
function outline(node: Node, depth = 0): string[] {
  const attributes = Object.entries(attributesOf(node)).map(([name, value]) => ` ${name}=${value}`);
  const line = `${'  '.repeat(depth)}${nameOf(node)}${attributes.join('')}`;
  return [line, ...childrenOf(node).flatMap((one) => outline(one, depth + 1))];
}

/** What PowerPoint writes for "play automatically, hide during show". */
const RECIPE = `
p:timing
  p:tnLst
    p:par
      p:cTn id=1 dur=indefinite restart=never nodeType=tmRoot
        p:childTnLst
          p:seq concurrent=1 nextAc=seek
            p:cTn id=2 dur=indefinite nodeType=mainSeq
              p:childTnLst
                p:par
                  p:cTn id=3 fill=hold
                    p:stCondLst
                      p:cond delay=indefinite
                      p:cond evt=onBegin delay=0
                        p:tn val=2
                    p:childTnLst
                      p:par
                        p:cTn id=4 fill=hold
                          p:stCondLst
                            p:cond delay=0
                          p:childTnLst
                            p:par
                              p:cTn id=5 presetID=1 presetClass=mediacall presetSubtype=0 fill=hold nodeType=afterEffect
                                p:stCondLst
                                  p:cond delay=0
                                p:childTnLst
                                  p:cmd type=call cmd=playFrom(0.0)
                                    p:cBhvr
                                      p:cTn id=6 dur=2346 fill=hold
                                      p:tgtEl
                                        p:spTgt spid=26
            p:prevCondLst
              p:cond evt=onPrev delay=0
                p:tgtEl
                  p:sldTgt
            p:nextCondLst
              p:cond evt=onNext delay=0
                p:tgtEl
                  p:sldTgt
          p:audio isNarration=1
            p:cMediaNode vol=80000 showWhenStopped=0
              p:cTn id=7 fill=hold display=0
                p:stCondLst
                  p:cond delay=indefinite
                p:endCondLst
                  p:cond evt=onStopAudio delay=0
                    p:tgtEl
                      p:sldTgt
              p:tgtEl
                p:spTgt spid=26
`;

test('starts the sound with the slide, as the tried recipe has it', () => {
  expect(outline(timing({ shape: '26', ms: 2346 })).join('\n')).toBe(RECIPE.trim());
});

test('advances by itself or by a click, with the effect that LibreOffice wants', () => {
  expect(writeXml([transition(5000)])).toBe(
    '<p:transition spd="med" advClick="1" advTm="5000"><p:fade/></p:transition>',
  );
});

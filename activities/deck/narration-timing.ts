/** How a slide plays by itself: when it gives way to the next, and that its voice starts with it (ECMA-376 part 1, 19.5). */
import { element, type Node } from './xml';

export interface Play {
  /** Id of the sound's shape on the slide. */
  readonly shape: string;
  /** Length of the sound. */
  readonly ms: number;
}

/** LibreOffice takes the advance over only where the transition has an effect. */
export const transition = (advanceMs: number): Node =>
  element('p:transition', { spd: 'med', advClick: '1', advTm: String(advanceMs) }, [element('p:fade')]);

export const timing = (play: Play): Node =>
  element('p:timing', {}, [
    element('p:tnLst', {}, [
      element('p:par', {}, [
        element('p:cTn', { id: '1', dur: 'indefinite', restart: 'never', nodeType: 'tmRoot' }, [
          element('p:childTnLst', {}, [mainSequence(play), sound(play)]),
        ]),
      ]),
    ]),
  ]);

const mainSequence = (play: Play): Node =>
  element('p:seq', { concurrent: '1', nextAc: 'seek' }, [
    element('p:cTn', { id: '2', dur: 'indefinite', nodeType: 'mainSeq' }, [
      element('p:childTnLst', {}, [startsWithSlide(play)]),
    ]),
    element('p:prevCondLst', {}, [onSlide('onPrev')]),
    element('p:nextCondLst', {}, [onSlide('onNext')]),
  ]);

/** Without the second condition it would wait for a click. */
const startsWithSlide = (play: Play): Node =>
  step(
    { id: '3', fill: 'hold' },
    [
      condition({ delay: 'indefinite' }),
      condition({ evt: 'onBegin', delay: '0' }, [element('p:tn', { val: '2' })]),
    ],
    step({ id: '4', fill: 'hold' }, [condition({ delay: '0' })], mediaCall(play)),
  );

const MEDIA_CALL = { presetID: '1', presetClass: 'mediacall', presetSubtype: '0' } as const;

const mediaCall = (play: Play): Node =>
  step(
    { id: '5', ...MEDIA_CALL, fill: 'hold', nodeType: 'afterEffect' },
    [condition({ delay: '0' })],
    playFromStart(play),
  );

const playFromStart = ({ shape, ms }: Play): Node =>
  element('p:cmd', { type: 'call', cmd: 'playFrom(0.0)' }, [
    element('p:cBhvr', {}, [
      element('p:cTn', { id: '6', dur: String(ms), fill: 'hold' }),
      target(element('p:spTgt', { spid: shape })),
    ]),
  ]);

/** The sound itself: its volume, and that its icon is hidden while the slide shows. */
const sound = ({ shape }: Play): Node =>
  element('p:audio', { isNarration: '1' }, [
    element('p:cMediaNode', { vol: '80000', showWhenStopped: '0' }, [
      element('p:cTn', { id: '7', fill: 'hold', display: '0' }, [
        element('p:stCondLst', {}, [condition({ delay: 'indefinite' })]),
        element('p:endCondLst', {}, [onSlide('onStopAudio')]),
      ]),
      target(element('p:spTgt', { spid: shape })),
    ]),
  ]);

const step = (attributes: Record<string, string>, start: Node[], inner: Node): Node =>
  element('p:par', {}, [
    element('p:cTn', attributes, [element('p:stCondLst', {}, start), element('p:childTnLst', {}, [inner])]),
  ]);

const condition = (attributes: Record<string, string>, children: Node[] = []): Node =>
  element('p:cond', attributes, children);

const onSlide = (event: 'onPrev' | 'onNext' | 'onStopAudio'): Node =>
  condition({ evt: event, delay: '0' }, [target(element('p:sldTgt'))]);

const target = (what: Node): Node => element('p:tgtEl', {}, [what]);

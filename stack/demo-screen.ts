/** What the demo shows: a bar per thing under way on a terminal, a line per change elsewhere. */
import { MultiBar, type SingleBar } from 'cli-progress';

export interface Progress {
  readonly name: string;
  /** What is happening to it now. */
  readonly state: string;
  /** 0…1; left out where nobody knows, and then the bar stays empty. */
  readonly share?: number;
  /** Seconds it has taken so far. */
  readonly seconds?: number;
  /** By whom, at which attempt: whatever else there is to say. */
  readonly detail?: string;
}

export interface Screen {
  /** Whether what is shown is drawn over, so that fast changes cost no lines. */
  readonly redraws: boolean;
  line(text: string): void;
  show(progress: Progress): void;
  /** Later things get bars of their own, below. */
  endBars(): void;
}

/** A line is worth it when this much more is done. */
const PLAIN_STEP = 0.25;

const described = ({ state, seconds, detail }: Progress): string => {
  const time = seconds === undefined ? '' : ` ${seconds.toFixed(1)} s`;
  return state + time + (detail ? `, ${detail}` : '');
};

/** Lines for logs and pipes: one when the state changes, and one per quarter. */
export function plainScreen(write: (text: string) => void): Screen {
  const last = new Map<string, string>();
  return {
    redraws: false,
    line: (text) => write(`${text}\n`),
    show(progress) {
      const { name, state, share } = progress;
      const quarters = share === undefined ? 0 : Math.floor(share / PLAIN_STEP);
      const key = `${state} ${quarters}`;
      if (last.get(name) === key) return;
      last.set(name, key);
      const percent = quarters > 0 && quarters < 1 / PLAIN_STEP ? `, ${quarters * PLAIN_STEP * 100} %` : '';
      write(`  ${name.padEnd(NAME_WIDTH)} ${described(progress)}${percent}\n`);
    },
    endBars: () => undefined,
  };
}

const NAME_WIDTH = 18;
const BAR_WIDTH = 24;

/** Redraws in place. */
export function terminalScreen(stream: NodeJS.WriteStream): Screen {
  let bars: MultiBar | undefined;
  const rows = new Map<string, SingleBar>();

  const rowOf = (name: string): SingleBar => {
    bars ??= new MultiBar({
      ...{ stream, format: '  {name} {bar} {state}', barsize: BAR_WIDTH, hideCursor: true },
      ...{ barCompleteChar: '█', barIncompleteChar: '░', gracefulExit: false, linewrap: false },
    });
    const row = rows.get(name) ?? bars.create(1, 0, { name: name.padEnd(NAME_WIDTH), state: '' });
    rows.set(name, row);
    return row;
  };

  return {
    redraws: true,
    line(text) {
      if (bars) bars.log(`${text}\n`);
      else stream.write(`${text}\n`);
    },
    show(progress) {
      rowOf(progress.name).update(progress.share ?? 0, { state: described(progress) });
    },
    endBars() {
      bars?.update();
      bars?.stop();
      bars = undefined;
      rows.clear();
    },
  };
}

export const screenOf = (stream: NodeJS.WriteStream): Screen =>
  stream.isTTY ? terminalScreen(stream) : plainScreen((text) => void stream.write(text));

import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { plainScreen, type Screen, screenOf, terminalScreen } from './demo-screen';

describe('without a terminal', () => {
  let written: string[];
  let screen: Screen;
  beforeEach(() => {
    written = [];
    screen = plainScreen((text) => written.push(text));
  });

  const shown = () => written.map((line) => line.trim().replace(/ +/g, ' '));

  test('a line is written when a state changes, not for every second', () => {
    screen.show({ name: 'decode', state: 'running', seconds: 1 });
    screen.show({ name: 'decode', state: 'running', seconds: 2 });
    screen.show({ name: 'decode', state: 'completed', share: 1, seconds: 2.34 });
    expect(shown()).toEqual(['decode running 1.0 s', 'decode completed 2.3 s']);
  });

  test('a long step says its quarters, and the end is no quarter', () => {
    for (const share of [0, 0.1, 0.26, 0.3, 0.8, 1])
      screen.show({ name: 'recognise', state: 'running', share });
    expect(shown()).toEqual([
      'recognise running',
      'recognise running, 25 %',
      'recognise running, 75 %',
      'recognise running',
    ]);
  });
});

describe('on a terminal', () => {
  function terminal() {
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
    let text = '';
    stream.on('data', (chunk) => (text += chunk));
    // What cli-progress asks of a terminal beside write().
    const moves = { cursorTo: () => true, clearLine: () => true, moveCursor: () => true };
    const control = { ...moves, clearScreenDown: () => true };
    const screen = terminalScreen(Object.assign(stream, control) as unknown as NodeJS.WriteStream);
    return { screen, text: () => stripVTControlCharacters(text) };
  }

  test('every thing has a bar; one whose share nobody knows stays empty', () => {
    const { screen, text } = terminal();
    screen.show({ name: 'decode', state: 'running', seconds: 3, detail: 'ffmpeg' });
    screen.show({ name: 'recognise', state: 'running', share: 0.5 });
    screen.endBars();
    expect(text()).toMatch(/decode +░{24} running 3\.0 s, ffmpeg/);
    expect(text()).toMatch(/recognise +█{12}░{12} running/);
  });

  test('a line that comes between is kept above the bars', () => {
    const { screen, text } = terminal();
    screen.show({ name: 'decode', state: 'running' });
    screen.line('a warning');
    screen.endBars();
    screen.line('the end');
    expect(text()).toMatch(/a warning[^]*decode[^]*the end/);
  });
});

test('the kind of output decides', () => {
  const stream = (isTTY: boolean) =>
    Object.assign(new PassThrough(), { isTTY }) as unknown as NodeJS.WriteStream;
  expect(screenOf(stream(true)).redraws).toBe(true);
  expect(screenOf(stream(false)).redraws).toBe(false);
});

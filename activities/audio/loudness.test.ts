import { gainFilter, parseLoudness } from './loudness';

const printed = (value: string) =>
  `[Parsed_loudnorm_0 @ 0x1]\n{\n\t"input_i" : "${value}",\n\t"input_tp" : "-3"\n}\n`;

const gainOf = (lufs: number): number => Number(/volume=(-?[\d.]+)dB/.exec(gainFilter(lufs))?.[1]);

it('reads what ffmpeg measured', () => {
  expect(parseLoudness(printed('-23.45'))).toBe(-23.45);
  expect(parseLoudness(printed('-inf'))).toBe(-Infinity);
  expect(() => parseLoudness('size= 12kB')).toThrow('did not print');
});

it('lifts or lowers a piece to −16 LUFS', () => {
  expect(gainOf(-23)).toBe(7);
  expect(gainOf(-10)).toBe(-6);
  expect(gainFilter(-23)).toBe('volume=7.00dB,alimiter=limit=0.84:level=false');
});

it('blows no silence up to noise', () => {
  expect(gainOf(-Infinity)).toBe(0);
  expect(gainOf(-70)).toBe(30);
  expect(gainOf(60)).toBe(-30);
});

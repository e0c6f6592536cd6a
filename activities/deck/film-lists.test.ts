import { describe, expect, test } from '@jest/globals';
import { chapterList, framesOf, pictureList, startsOf } from './film-lists';
import { threeLetters } from './iso-639';

describe('startsOf', () => {
  test('says when each shot starts and the film ends', () => {
    expect(startsOf([{ seconds: 1.5 }, { seconds: 2 }])).toEqual([0, 1.5, 3.5]);
  });
});

describe('chapterList', () => {
  test('escapes what ffmpeg would read as its own', () => {
    const list = chapterList('a=b', [{ title: 'x; y #1 \\ z\nnext', seconds: 1.2345 }]);
    expect(list).toBe(
      ';FFMETADATA1\ntitle=a\\=b\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1235\n' +
        'title=x\\; y \\#1 \\\\ z next\n',
    );
  });

  test('shortens a title to 255 bytes', () => {
    const title = /title=(ä.*)\n/.exec(chapterList('', [{ title: 'ä '.repeat(200), seconds: 1 }]))![1]!;
    expect(Buffer.byteLength(title)).toBeLessThanOrEqual(255);
    expect(title).toMatch(/ä…$/);
  });
});

describe('pictureList', () => {
  test('lets no rounding add up', () => {
    const shots = Array.from({ length: 10 }, () => ({ seconds: 0.14 }));
    expect(framesOf(shots).at(-1)).toBe(14);
  });

  test('quotes file names and names the last file twice', () => {
    const list = pictureList([
      { file: "/a/it's.png", seconds: 1 },
      { file: '/b.png', seconds: 2.04 },
    ]);
    expect(list).toBe(
      "ffconcat version 1.0\nfile '/a/it'\\''s.png'\nduration 1\nfile '/b.png'\nduration 2\nfile '/b.png'\n",
    );
  });
});

test.each([
  ['de', 'deu'],
  ['en-GB', 'eng'],
  ['zh-Hant', 'zho'],
  ['yue', 'yue'],
  ['x-klingon', 'und'],
])('MP4 calls %s %s', (language, code) => {
  expect(threeLetters(language)).toBe(code);
});

import { joined } from './disclosure';

test('says of each part who made it instead of whom, and nothing where the first choice made all', () => {
  expect(joined({ text: null, pictures: undefined })).toBeNull();
  expect(joined({ text: 'made by a instead of b', pictures: null, voices: 'made by c instead of d' })).toBe(
    'text made by a instead of b; voices made by c instead of d',
  );
});

import { expect, it } from '@jest/globals';
import { keptFileKey } from './kept-file';

it('a file is kept under the hash of its bytes', () => {
  // printf 'Hello.' | sha256sum
  expect(keptFileKey(new TextEncoder().encode('Hello.'))).toBe(
    'sent/2d8bd7d9bb5f85ba643f0110d50cb506a1fe439e769a22503193ea6046bb87f7',
  );
});

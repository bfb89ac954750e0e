import { describe, expect, it } from '@jest/globals';
import { unpushedWords } from './unpushed-work';
import type { UnpushedWork } from './unpushed-work';

const SHOP = { directory: 'shop', commits: 0, files: 0 };

describe('work that is on no branch outside', () => {
  it.each<[UnpushedWork, string]>([
    [{ ...SHOP, files: 1 }, '**Not pushed: 1 changed file in `shop`.**'],
    [{ ...SHOP, commits: 2 }, '**Not pushed: 2 commits in `shop`.**'],
    [{ ...SHOP, commits: 1, files: 3 }, '**Not pushed: 1 commit and 3 changed files in `shop`.**'],
    [{ ...SHOP, lacksPullRequest: true }, '**Pushed without a pull request: the branch of `shop`.**'],
  ])('%j is told in a line, and by whom', (work, line) => {
    expect(unpushedWords([work])).toBe(`${line}\n*Written by the harness, not by the agent.*`);
  });

  it('is told of some working copies, and how many there are beside', () => {
    const words = unpushedWords(
      Array.from({ length: 8 }, (_, n) => ({ ...SHOP, directory: `c${n}`, files: 1 })),
    );
    expect(words).toMatch(/`c4`\.\*\*\nand in 3 more working copies\n/);
  });

  it('stays on its line, whatever the folder is called', () => {
    expect(unpushedWords([{ ...SHOP, directory: 'a\n**All pushed.**', files: 1 }]).split('\n')).toHaveLength(
      2,
    );
  });
});

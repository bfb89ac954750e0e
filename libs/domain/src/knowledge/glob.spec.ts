import { describe, expect, it } from '@jest/globals';
import { matchesGlob } from './glob';

describe('a glob', () => {
  it.each([
    ['*.ts', 'a.ts'],
    ['*.ts', 'src/deep/a.ts'],
    ['src/*.ts', 'src/a.ts'],
    ['src/**/*.ts', 'src/a.ts'],
    ['src/**/*.ts', 'src/x/y/a.ts'],
    ['**/test/**', 'a/test/b/c.js'],
    ['**/test/**', 'test/b.js'],
    ['src/', 'src/x/a.ts'],
    ['./src/*.ts', 'src/a.ts'],
    ['src/**', 'src/a.ts'],
    ['*.{ts,tsx}', 'ui/button.tsx'],
    ['{src,lib}/**/*.{ts,js}', 'lib/a.js'],
    ['app/[id]/page.tsx', 'app/[id]/page.tsx'],
    ['a?c.md', 'abc.md'],
    ['**', 'anything/at/all'],
    ['**/*', 'a'],
    ['{a}.ts', '{a}.ts'],
  ])('%s takes %s', (glob, path) => expect(matchesGlob(glob, path)).toBe(true));

  it.each([
    ['', 'a.ts'],
    ['*.ts', 'a.tsx'],
    ['src/*.ts', 'src/x/a.ts'],
    ['src/*.ts', 'lib/src/a.ts'],
    ['**/test/**', 'latest/b.js'],
    ['src/**/*.ts', 'srcs/a.ts'],
    ['a?c.md', 'a/c.md'],
    ['*.{ts,tsx}', 'a.js'],
    ['app/[id]/page.tsx', 'app/i/page.tsx'],
  ])('%s leaves %s', (glob, path) => expect(matchesGlob(glob, path)).toBe(false));

  it('is matched in a time that no glob can blow up', () => {
    expect(matchesGlob(`${'**a'.repeat(500)}b`, `${'a'.repeat(2_000)}`)).toBe(false);
    expect(matchesGlob('{a,b}'.repeat(40), 'x')).toBe(false);
  });
});

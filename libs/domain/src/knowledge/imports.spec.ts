import { describe, expect, it } from '@jest/globals';
import { importsOf } from './imports';

describe('imports of a rule file', () => {
  it.each([
    ['@AGENTS.md', 'CLAUDE.md', ['AGENTS.md']],
    ['See @README for more, and @docs/style.md.', 'CLAUDE.md', ['README', 'docs/style.md']],
    ['- git: @docs/git.md\n- @./a.md', 'CLAUDE.md', ['docs/git.md', 'a.md']],
    ['@../shared/rules.md', 'web/CLAUDE.md', ['shared/rules.md']],
    ['@rules.md @rules.md', 'web/CLAUDE.md', ['web/rules.md']],
  ])('%j in %s', (text, path, imports) => expect(importsOf(text, path)).toEqual(imports));

  it.each([
    '`@docs/a.md`',
    '```\n@docs/a.md\n```',
    '~~~md\n@docs/a.md\n~~~',
    'mail me@example.org',
    '@~/private.md',
    '@/etc/passwd',
    '@../outside.md',
    '@a/../../outside.md',
    '@',
  ])('are none in %j', (text) => expect(importsOf(text, 'CLAUDE.md')).toEqual([]));
});

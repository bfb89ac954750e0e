import { describe, expect, it } from '@jest/globals';
import { ruleFileOf } from '@swe/domain';
import type { RuleFile } from '@swe/domain';
import { inForce, tellingOf } from './rules-policy';

function file(path: string): RuleFile {
  const found = ruleFileOf(path);
  if (found === undefined) throw new Error(`${path} is no rule file`);
  return found;
}
const withFront = (...lines: readonly string[]): string => ['---', ...lines, '---', 'Words.'].join('\n');

describe('what is told of a rule file', () => {
  it.each<[string, string, string, readonly string[]]>([
    ['words', 'AGENTS.md', 'Words.', ['']],
    ['purpose', '.claude/skills/a/SKILL.md', 'Words.', ['']],
    ['words', '.cursor/rules/a.mdc', withFront('alwaysApply: true', 'globs: *.py'), ['a.ts']],
    ['words', '.cursor/rules/a.mdc', withFront('globs: *.ts', 'alwaysApply: false'), ['src/a.ts']],
    ['not-yet', '.cursor/rules/a.mdc', withFront('globs: *.ts'), ['src/a.py', 'src']],
    ['words', 'web/.cursor/rules/a.mdc', withFront('globs: src/*.ts'), ['web/src/a.ts']],
    ['not-yet', 'web/.cursor/rules/a.mdc', withFront('globs: src/*.ts'), ['src/a.ts']],
    ['purpose', '.cursor/rules/a.mdc', withFront('description: for releases'), ['a.ts']],
    ['purpose', '.cursor/rules/a.mdc', 'Words.', ['a.ts']],
  ])('is %s of %s with %j at %j', (telling, path, content, touched) =>
    expect(tellingOf(file(path), content, touched)).toBe(telling),
  );
});

describe('the rule files in force', () => {
  const files = [
    '.claude/skills/a/SKILL.md',
    '.cursor/rules/a.mdc',
    'CLAUDE.md',
    'very-long-name/AGENTS.md',
    'a/b/AGENTS.md',
    'a/CLAUDE.md',
    'ab/CLAUDE.md',
  ].map(file);

  it.each([
    [
      ['a/b/c.ts'],
      ['CLAUDE.md', '.cursor/rules/a.mdc', '.claude/skills/a/SKILL.md', 'a/CLAUDE.md', 'a/b/AGENTS.md'],
    ],
    [[''], ['CLAUDE.md', '.cursor/rules/a.mdc', '.claude/skills/a/SKILL.md']],
    [[], []],
  ])('at %j are %j', (touched, paths) =>
    expect(inForce(files, touched).map(({ path }) => path)).toEqual(paths),
  );
});

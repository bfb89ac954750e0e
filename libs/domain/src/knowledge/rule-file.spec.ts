import { describe, expect, it } from '@jest/globals';
import { ruleFileOf } from './rule-file';

describe('a rule file', () => {
  it.each([
    ['AGENTS.md', '', 'rules', false],
    ['agents.MD', '', 'rules', false],
    ['packages/api/AGENTS.md', 'packages/api', 'rules', false],
    ['CLAUDE.md', '', 'rules', true],
    ['web/.claude/CLAUDE.md', 'web', 'rules', true],
    ['web/GEMINI.md', 'web', 'rules', true],
    ['CONVENTIONS.md', '', 'rules', false],
    ['AmazonQ.md', '', 'rules', false],
    ['.amazonq/rules/style.md', '', 'rules', false],
    ['.clinerules', '', 'rules', false],
    ['.clinerules/a/b.md', '', 'rules', false],
    ['web/.clinerules/01.md', 'web', 'rules', false],
    ['.cursorrules', '', 'rules', false],
    ['web/.cursor/rules/ui/a.mdc', 'web', 'conditional', false],
    ['.github/copilot-instructions.md', '', 'rules', false],
    ['.claude/skills/deploy/SKILL.md', '', 'skill', false],
    ['web/.agents/skills/deploy/skill.md', 'web', 'skill', false],
    ['.github/skills/x/SKILL.md', '', 'skill', false],
  ] as const)('%s holds for %j as %s', (path, scope, kind, imports) =>
    expect(ruleFileOf(path)).toEqual({ path, scope, kind, imports }),
  );

  it.each([
    'README.md',
    'MY-AGENTS.md',
    'AGENTS.md.bak',
    '.clinerules/script.sh',
    '.cursor/rules/a.txt',
    'github/copilot-instructions.md',
    '.claude/skills/SKILL.md',
    '.claude/skills/a/b/SKILL.md',
    'SKILL.md',
  ])('%s is none', (path) => expect(ruleFileOf(path)).toBeUndefined());
});

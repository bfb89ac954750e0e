/** A file by which a repository tells agents how to work in it. Paths are relative to the repository's root. */
export interface RuleFile {
  readonly path: string;
  /** The folder that it holds for, '' for the root. */
  readonly scope: string;
  /**
   * `rules` hold wherever their scope is touched, `conditional` ones as their front matter says, and of a `skill` only
   * what it is for is told.
   */
  readonly kind: 'rules' | 'conditional' | 'skill';
  /** Whether `@path` in it stands for that file. */
  readonly imports: boolean;
}

type Place = readonly [glob: string, kind: RuleFile['kind'], imports?: boolean];

/**
 * Where such files are, each below the folder that it holds for:
 * https://agents.md, https://code.claude.com/docs/en/memory, https://google-gemini.github.io/gemini-cli/docs/cli/gemini-md.html,
 * https://docs.cline.bot/features/cline-rules, https://docs.aws.amazon.com/amazonq/latest/qdeveloper-ug/context-project-rules.html,
 * https://cursor.com/docs/context/rules,
 * https://docs.github.com/en/copilot/how-tos/configure-custom-instructions/add-repository-instructions,
 * https://aider.chat/docs/usage/conventions.html; skills: https://agentskills.io/specification.
 */
const PLACES: readonly Place[] = [
  ['.claude/skills/*/SKILL.md', 'skill'],
  ['.agents/skills/*/SKILL.md', 'skill'],
  ['.github/skills/*/SKILL.md', 'skill'],
  ['.clinerules/**/*.md', 'rules'],
  ['.amazonq/rules/**/*.md', 'rules'],
  ['.cursor/rules/**/*.mdc', 'conditional'],
  ['.github/copilot-instructions.md', 'rules'],
  ['.claude/CLAUDE.md', 'rules', true],
  ['AGENTS.md', 'rules'],
  ['CLAUDE.md', 'rules', true],
  ['GEMINI.md', 'rules', true],
  ['AmazonQ.md', 'rules'],
  ['CONVENTIONS.md', 'rules'],
  ['.clinerules', 'rules'],
  ['.cursorrules', 'rules'],
];

/** By which git finds them all: https://git-scm.com/docs/gitglossary#def_pathspec */
export const RULE_PATHSPECS: readonly string[] = PLACES.map(([glob]) => `:(icase,glob)**/${glob}`);

const PATTERNS = PLACES.map(([glob, kind, imports = false]) => ({
  pattern: new RegExp(`^(?:(.*)/)?${sourceOf(glob)}$`, 'i'),
  kind,
  imports,
}));

/** What a path is to agents, undefined for what is no such file. */
export function ruleFileOf(path: string): RuleFile | undefined {
  for (const { pattern, kind, imports } of PATTERNS) {
    const found = pattern.exec(path);
    if (found !== null) return { path, scope: found[1] ?? '', kind, imports };
  }
  return undefined;
}

function sourceOf(glob: string): string {
  return glob
    .split('**/')
    .map((part) => part.split('*').map(RegExp.escape).join('[^/]*'))
    .join('(?:.*/)?');
}

import { readDiff } from './read-diff';
import type { FileDiff } from './read-diff';
import { isTestFile, isTestSetup, isWorkflow, testLanguageOf } from './test-patterns';

/** Something in a change that makes its checks say less than before, or may. */
export interface DiffFinding {
  readonly kind:
    | 'workflow'
    | 'tests-deleted'
    | 'tests-skipped'
    | 'assertions-removed'
    | 'assertions-loosened'
    | 'unreadable'
    | 'test-setup'
    | 'tests-edited';
  readonly path: string;
  /** How many, where it was counted. */
  readonly count?: number;
}

/** Where tests stand beside what they test. */
const HOLDS_TESTS = /\.rs$/;
const HOLDS_TEST_SCRIPT = /(?:^|\/)(?:package|composer)\.json$/;

/** What a repair needs a person's word for. Editing tests or their setup otherwise is often a part of it. */
const NEEDS_WORD: ReadonlySet<DiffFinding['kind']> = new Set([
  'workflow',
  'tests-deleted',
  'tests-skipped',
  'assertions-removed',
  'assertions-loosened',
  'unreadable',
]);

export const needsPersonsWord = ({ kind }: DiffFinding): boolean => NEEDS_WORD.has(kind);

/** Whether what a diff does to a file of that name, before or after, may be a finding: of others there is none. */
export function mayBearOnChecks(path: string): boolean {
  const isOfChecks = isWorkflow(path) || isTestFile(path) || isTestSetup(path);
  return isOfChecks || HOLDS_TESTS.test(path) || HOLDS_TEST_SCRIPT.test(path);
}

/**
 * What a diff does to tests and workflows, by file names and lines alone: counted file by file, so that what is moved
 * within a file is no loss. It is to be seen, not to be relied on: code has more ways to test nothing.
 */
export function findingsOfDiff(diff: string): readonly DiffFinding[] {
  return readDiff(diff).flatMap((file) => findingsOfFile(file));
}

function findingsOfFile(file: FileDiff): readonly DiffFinding[] {
  const { path, oldPath = path, change } = file;
  if (isWorkflow(path) || isWorkflow(oldPath)) return [{ kind: 'workflow', path }];
  const wasTest = isTestFile(oldPath);
  if (wasTest && (change === 'deleted' || !isTestFile(path)))
    return [{ kind: 'tests-deleted', path: oldPath }];
  if (wasTest && file.isBinary && change === 'modified') return [{ kind: 'unreadable', path }];
  const counted = countedFindings(file);
  if (isTestSetup(path) || isTestSetup(oldPath) || changesTestScript(file)) {
    const skips = gained(file, /ignore|exclude|deselect|skip|passWithNoTests/i);
    const skipped = skips > 0 ? [{ kind: 'tests-skipped', path, count: skips } as const] : [];
    return [
      ...skipped,
      ...counted.filter(({ kind }) => kind !== 'tests-skipped'),
      { kind: 'test-setup', path },
    ];
  }
  if (counted.length > 0) return counted;
  const isEdited = wasTest && change === 'modified' && file.added.length + file.removed.length > 0;
  return isEdited ? [{ kind: 'tests-edited', path }] : [];
}

/** Also outside test files: some languages keep tests beside what they test. */
function countedFindings(file: FileDiff): readonly DiffFinding[] {
  const language = testLanguageOf(file.path);
  if (language === undefined) return [];
  const { path } = file;
  const isTest = isTestFile(path);
  const findings: DiffFinding[] = [];
  const add = (kind: DiffFinding['kind'], count: number): void => {
    if (count > 0) findings.push({ kind, path, count });
  };
  if (!isTest && !HOLDS_TESTS.test(path)) return [];
  const lostTests = -gained(file, language.test);
  const lostAssertions = -gained(file, language.assertion);
  add('tests-deleted', lostTests);
  add('tests-skipped', gained(file, language.skip));
  add('assertions-removed', lostAssertions);
  const isReplaced = file.removed.some((line) => language.assertion.test(line));
  if (lostAssertions <= 0 && isReplaced) add('assertions-loosened', gained(file, language.loose));
  return findings;
}

function changesTestScript({ path, added, removed }: FileDiff): boolean {
  if (!HOLDS_TEST_SCRIPT.test(path)) return false;
  return [...added, ...removed].some((line) => /^\s*"(?:pre|post)?tests?(?:[:\w-]*)":\s*["[]/.test(line));
}

/** How many lines more fit the pattern than before. */
function gained({ added, removed }: FileDiff, pattern: RegExp): number {
  const count = (lines: readonly string[]): number => lines.filter((line) => pattern.test(line)).length;
  return count(added) - count(removed);
}

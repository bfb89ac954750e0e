import { isWithin, matchesGlob, pathFrom, readFrontMatter } from '@swe/domain';
import type { RuleFile } from '@swe/domain';

/** When a rule file is told, and as what: its words, or what they are for. */
export type Telling = 'words' | 'purpose' | 'not-yet';

/** What is to be told of a rule file that holds in its scope, by its content, when these paths are touched. */
export function tellingOf(file: RuleFile, content: string, touched: readonly string[]): Telling {
  if (file.kind === 'rules') return 'words';
  if (file.kind === 'skill') return 'purpose';
  const { fields } = readFrontMatter(content);
  if (fields.get('alwaysApply')?.text === 'true') return 'words';
  const globs = fields.get('globs')?.items ?? [];
  if (globs.length === 0) return 'purpose';
  const { scope } = file;
  const isMatched = (path: string): boolean =>
    isWithin(scope, path) && globs.some((glob) => matchesGlob(glob, pathFrom(scope, path)));
  return touched.some(isMatched) ? 'words' : 'not-yet';
}

const KINDS: readonly RuleFile['kind'][] = ['rules', 'conditional', 'skill'];

/** Those that hold where `touched` is: from the root to the deepest folder, and in each what always holds first. */
export function inForce<File extends RuleFile>(
  files: readonly File[],
  touched: readonly string[],
): readonly File[] {
  const depth = ({ scope }: File): number => (scope === '' ? 0 : scope.split('/').length);
  return files
    .filter(({ scope }) => touched.some((path) => isWithin(scope, path)))
    .toSorted((a, b) => depth(a) - depth(b) || KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
}

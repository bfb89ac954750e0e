import { codeSpan } from '../conversation/code-span';
import type { RanCommand } from '../session/journal-entry';
import { checksOfCommand, placesOf } from './checks-of-command';
import type { CheckCommand } from './checks-of-command';
import type { DiffFinding } from './diff-findings';

/** What is known of a commit that is to be pushed. */
export interface VerificationFacts {
  /** What the session ran, oldest first. */
  readonly runs: readonly RanCommand[];
  /** The working copy that the commit is pushed from. */
  readonly workingCopy: string;
  /** The commit's tree. */
  readonly tree: string;
  /** What the change does to tests and workflows. */
  readonly findings: readonly DiffFinding[];
  /** There is more of the change than could be looked through. */
  readonly isDiffCut: boolean;
}

/** What was and was not checked, in lines of Markdown; each list may be empty. */
export interface Verification {
  /** What is missing, to be read first. */
  readonly gaps: readonly string[];
  readonly ran: readonly string[];
  readonly changes: readonly string[];
}

interface Check {
  readonly run: RanCommand;
  readonly checks: readonly CheckCommand[];
  readonly places: readonly (string | undefined)[];
  readonly isOnTree: boolean;
  readonly mask: string | undefined;
  readonly part: string | undefined;
  /** Exit codes that the same command gave before in the same folder, on the same tree. */
  readonly others: readonly string[];
}

const NAME = '(?:token|secret|passw(?:or)?d|api_?-?key|access_?-?key|private_?-?key|credential)';
const VALUE = String.raw`(?:"[^"]*"|'[^']*'|[^\s"']+)`;
/** `API_TOKEN=x`, `--password x`, `Authorization: Bearer x` */
const SECRET = new RegExp(
  String.raw`(\b\w{0,40}${NAME}\w{0,40}=|\s--?[\w-]{0,40}${NAME}[\w-]{0,40}[= ]|authorization:\s*(?:\w+\s+)?)${VALUE}`,
  'gi',
);
const IN_ADDRESS = /(\b[a-z][\w+.-]{0,20}:\/\/)[^\s/@'"]+@/gi;
/** What may be shown of a command after its secrets are taken out. */
const MAX_READ = 4_096;
const MAX_LINES = 12;
const MAX_COMMAND = 160;
const MAX_PATH = 120;

/** What the record says of a commit's checks: of each command that was run in its working copy the last time, in each folder. */
export function verificationOf({
  runs,
  workingCopy,
  tree,
  findings,
  isDiffCut,
}: VerificationFacts): Verification {
  const checks = lastOfEach(
    runs.filter((run) => run.workingCopy === workingCopy),
    tree,
  );
  return {
    gaps: [...gapsOf(checks), ...(isDiffCut ? ['Not all of the change could be looked through.'] : [])],
    ran: shortened(checks.map(lineOfCheck)),
    changes: shortened(findings.map(lineOfFinding)),
  };
}

/** Those on the tree first, the newest of each first. */
function lastOfEach(runs: readonly RanCommand[], tree: string): readonly Check[] {
  const last = new Map<string, Check>();
  for (const run of runs) {
    const checks = checksOfCommand(run.command);
    if (checks.length === 0) continue;
    const places = placesOf(checks, run.cwd);
    const key = JSON.stringify([places.map((place = run.cwd) => place), run.command.trim()]);
    const before = last.get(key);
    const isRepeated = before?.run.tree !== undefined && before.run.tree === run.tree;
    const codes = isRepeated ? new Set([...before.others, codeOf(before.run)]) : new Set<string>();
    codes.delete(codeOf(run));
    last.delete(key);
    last.set(key, {
      run,
      checks,
      places,
      isOnTree: run.tree === tree,
      mask: checks.find(({ mask }) => mask !== undefined)?.mask,
      part: checks.find(({ part }) => part !== undefined)?.part,
      others: [...codes],
    });
  }
  const newest = [...last.values()].reverse();
  return [...newest.filter(({ isOnTree }) => isOnTree), ...newest.filter(({ isOnTree }) => !isOnTree)];
}

function gapsOf(checks: readonly Check[]): readonly string[] {
  const tests = checks.filter((each) => each.checks.some(({ kind }) => kind === 'tests'));
  if (tests.length === 0) return ['No tests were run.'];
  const onTree = tests.filter(({ isOnTree }) => isOnTree);
  if (onTree.length === 0) return ['No tests were run on what is pushed: it was changed since.'];
  if (onTree.some(({ run }) => run.exitCode !== 0)) return ['Tests did not pass on what is pushed.'];
  const whole = onTree
    .flatMap(({ checks: found }) => found)
    .filter(({ kind, part }) => kind === 'tests' && part === undefined);
  if (whole.length === 0) return ['Only some of the tests were run on what is pushed.'];
  const isSure = whole.some(({ mask }) => mask === undefined);
  return isSure ? [] : ['No exit code says whether the tests passed on what is pushed.'];
}

function lineOfCheck(check: Check): string {
  const { run, checks, isOnTree, mask, part, others } = check;
  const kinds = [...new Set(checks.map(({ kind }) => kind))].join(', ');
  const where = isOnTree ? 'on what is pushed' : changedSince(run);
  const hidden = mask === undefined ? '' : `; the exit code may hide a failure: ${codeSpan(mask, MAX_PATH)}`;
  const some =
    part === undefined ? '' : `; only some of the tests: ${codeSpan(withoutSecrets(part), MAX_PATH)}`;
  const before = others.length === 0 ? '' : `; before that, on the same content: ${others.join(', ')}`;
  return `${codeSpan(withoutSecrets(run.command), MAX_COMMAND)}${folderOf(check)} (${kinds}): ${codeOf(run)}, ${where}${some}${hidden}${before}`;
}

/** Said where it is one and not the working copy's root, as seen from there. */
function folderOf({ run: { workingCopy = '' }, places: [place, ...others] }: Check): string {
  if (place === undefined || place === workingCopy || others.length > 0) return '';
  const isBelow = place.startsWith(`${workingCopy}/`);
  return ` in ${codeSpan(isBelow ? place.slice(workingCopy.length + 1) : place, MAX_PATH)}`;
}

/** Anybody may read it: what was handed to a command as a secret, or in an address, is left out. */
function withoutSecrets(command: string): string {
  return command
    .slice(0, MAX_READ)
    .replace(SECRET, (_whole, name: string) => `${name}…`)
    .replace(IN_ADDRESS, (_whole, scheme: string) => `${scheme}…@`);
}

function changedSince({ tree }: RanCommand): string {
  return tree === undefined ? 'on content that was not recorded' : 'on other content: changed since';
}

function codeOf({ exitCode }: RanCommand): string {
  return exitCode === null ? 'no exit code' : `exit code ${exitCode}`;
}

const WORDS: Readonly<Record<DiffFinding['kind'], string>> = {
  workflow: 'workflow changed',
  'tests-deleted': 'tests deleted',
  'tests-skipped': 'tests skipped or left out',
  'assertions-removed': 'assertions removed',
  'assertions-loosened': 'assertions loosened',
  unreadable: 'test file changed that does not show its lines',
  'test-setup': 'setup of the tests changed',
  'tests-edited': 'tests edited',
};

/** In words and Markdown, such as ``tests skipped in `a.spec.ts` (2)``. */
export function lineOfFinding({ kind, path, count }: DiffFinding): string {
  return `${WORDS[kind]}: ${codeSpan(path, MAX_PATH)}${count === undefined ? '' : ` (${count})`}`;
}

function shortened(lines: readonly string[]): readonly string[] {
  if (lines.length <= MAX_LINES) return lines;
  return [...lines.slice(0, MAX_LINES), `and ${lines.length - MAX_LINES} more`];
}

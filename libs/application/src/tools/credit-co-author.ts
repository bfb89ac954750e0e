import type { Directory, Processes } from '@swe/domain';
import { onOneLine } from '../agent/on-one-line';
import { AGENT_EMAIL } from '../agent/shell-environment';
import { git, tryGit } from './git';
import type { GitOptions } from './git';
import { succeeded } from './run-report';

/** As hosts read it: https://docs.github.com/pull-requests/committing-changes-to-your-project/creating-and-editing-commits/creating-a-commit-with-multiple-authors */
const KEY = 'Co-authored-by';
const REWRITE_TIMEOUT_MS = 5 * 60_000;
const LOG_BYTES = 1024 * 1024;
/** Where git works meanwhile, and where it leaves what was there before. */
const SCRATCH = ['--path-format=absolute', '--git-path', 'swe-credit'];
const ORIGINALS = 'refs/swe-credit';

/** Values come by the environment: no person's name becomes part of a shell's line. */
const ADD_LINE = `if [ "$GIT_AUTHOR_EMAIL" = "$SWE_AGENT_EMAIL" ]; then git interpret-trailers --if-exists addIfDifferent --trailer "${KEY}: $SWE_CO_AUTHOR"; else cat; fi`;

/** `Name <address>` of a requester whose host credits commits by an address of theirs; undefined for others. */
export async function coAuthorOf(
  directory: Pick<Directory, 'person'>,
  requester: string,
  place: string,
): Promise<string | undefined> {
  const { name, commitEmail } = await directory.person(requester, place);
  if (commitEmail === undefined) return undefined;
  return `${onOneLine(name).replaceAll(/[<>]/g, '').trim()} <${commitEmail}>`;
}

/**
 * Adds a person as co-author to the agent's own commits that no host has yet, however they were made, and gives how
 * many lacked it. Trees, authors, dates and merges stay as they are; so do commits of others, and all that is pushed
 * (`pushed`: the branch's head at the host).
 */
export async function creditCoAuthor(
  processes: Pick<Processes, 'run'>,
  coAuthor: string,
  pushed: string | undefined,
  at: GitOptions,
): Promise<number> {
  const isHere = pushed === undefined || succeeded(await tryGit(processes, commitOf(pushed), at));
  // Somebody else pushed to the branch: this push will be refused.
  if (!isHere) return 0;
  const range = ['HEAD', '--not', '--remotes', ...(pushed === undefined ? [] : [pushed])];
  const lacking = await countUncredited(processes, coAuthor, range, at);
  if (lacking === 0) return 0;
  const told = await git(processes, ['rev-parse', '--show-toplevel', ...SCRATCH], at);
  const [root = '.', scratch = ''] = told.split('\n').filter((line) => line.startsWith('/'));
  const own = ['-f', '-d', scratch, '--original', ORIGINALS, '--msg-filter', ADD_LINE];
  const env = {
    FILTER_BRANCH_SQUELCH_WARNING: '1',
    SWE_AGENT_EMAIL: AGENT_EMAIL,
    SWE_CO_AUTHOR: coAuthor,
  };
  const limit = { ...at, env, timeoutMs: REWRITE_TIMEOUT_MS };
  await git(processes, ['-C', root, 'filter-branch', ...own, '--', ...range], limit);
  const before = await git(processes, ['for-each-ref', '--format=%(refname)', ORIGINALS], at);
  for (const ref of before.split('\n').filter((line) => line.startsWith(`${ORIGINALS}/`)))
    await git(processes, ['update-ref', '-d', ref], at);
  return lacking;
}

/** How many commits of the agent's in a range do not have that co-author. */
export async function countUncredited(
  processes: Pick<Processes, 'run'>,
  coAuthor: string,
  range: readonly string[],
  at: GitOptions,
): Promise<number> {
  const format = `--format=%x01%ae%x09%(trailers:key=${KEY},valueonly,unfold,separator=%x09)`;
  const logged = await git(processes, ['log', format, ...range, '--'], { ...at, previewBytes: LOG_BYTES });
  const lacking = logged.split('\n').filter((line) => {
    const [author, ...coAuthors] = line.startsWith('\x01') ? line.slice(1).split('\t') : [];
    return author === AGENT_EMAIL && !coAuthors.includes(coAuthor);
  });
  return lacking.length;
}

const commitOf = (sha: string): string[] => ['rev-parse', '--verify', '--quiet', `${sha}^{commit}`];

import { z } from 'zod';
import { Fault, isFault } from '@swe/domain';
import type { Processes, RepoForks, RepoHost, Repository, RunResult, Session, Workspace } from '@swe/domain';
import type { DemandRight } from '../agent/demand-right';
import { defineTool, said } from '../agent/tool';
import type { Tool } from '../agent/tool';
import { bringExtras } from './clone-extras';
import { exists } from './exists';
import { git, tryGit } from './git';
import type { GitOptions } from './git';
import { endText, outputText, succeeded } from './run-report';

const CLONE_TIMEOUT_MS = 15 * 60_000;

export interface CloneOptions {
  readonly processes: Pick<Processes, 'run'>;
  readonly workspace: Pick<Workspace, 'root' | 'stat'>;
  readonly repoHost: Pick<RepoHost, 'repository'>;
  readonly forks: RepoForks;
  readonly demandRight: DemandRight;
  /** Lets git at a repository as somebody its host knows. */
  grant(repository: string, base?: string, upstream?: string): void;
  /** The branch the session works on. */
  readonly branch: string;
}

/**
 * Clones a repository into a folder of its own and checks out the session's branch, as it was pushed before or else
 * new from the base branch. What the agent may not write gets a fork of its own, as the remote `fork`. A working copy
 * that is there already is left as it is. Limit: 15 minutes for each command of git's that brings something in.
 */
export function cloneRepository({
  processes,
  workspace,
  repoHost,
  forks,
  demandRight,
  grant,
  branch,
}: CloneOptions): Tool {
  return defineTool({
    name: 'clone_repository',
    description: `Clone a repository into the workspace and check out the branch ${branch}. Takes the repository's URL as in issue URLs, without /issues/...`,
    access: 'acts',
    resume: 'repeat',
    input: z.object({
      repository: z.string().min(1),
      base: z.string().min(1).optional().describe('The branch to start from, if not the default one.'),
    }),
    async run({ repository, base }, { session, people, signal }) {
      const found = await repoHost.repository(repository.replace(/\/+$/, ''));
      await demandRight('read', found.url, people);
      const { fork, notes } = await writable(found, signal);
      if (plainName(found.url) !== plainName(repository))
        notes.push(`${repository} is called ${found.url} now.`);
      const former = await formerNames(session, found);
      const { directory, present } = await placeFor(found, former, signal);
      const urls = fork === undefined ? [found.url] : [found.url, fork.url];
      const baseBranches =
        base === undefined ? session.baseBranches : { ...session.baseBranches, [found.url]: base };
      const start = baseBranches?.[found.url];
      grant(found.url, start);
      if (fork !== undefined) grant(fork.url, start, found.url);
      const repositories = [...new Set([...session.repositories, ...urls])];
      const known = {
        repositories,
        ...(baseBranches !== undefined && { baseBranches }),
        ...(fork !== undefined && { upstreams: { ...session.upstreams, [fork.url]: found.url } }),
      };
      // Also when it is there: whoever cloned it may have died before the session knew.
      if (present) {
        return {
          ...said([`${found.url} is already in ${directory}, left as it is.`, ...notes].join('\n')),
          session: known,
          touched: [directory],
        };
      }

      // --no-local: a clone that shares object files with its source by hard link could damage it.
      const how = ['--no-local', '--no-tags', ...(isRemote(found.cloneUrl) ? ['--filter=blob:none'] : [])];
      const limit = { signal, timeoutMs: CLONE_TIMEOUT_MS };
      const args = ['clone', ...how, '--', found.cloneUrl, directory];
      const cloned = await tryGit(processes, args, { ...limit, cwd: workspace.root });
      if (!succeeded(cloned)) throw notCloned(found, cloned);
      const inClone = { cwd: directory, signal };
      if (fork !== undefined) await addFork(fork, { ...limit, cwd: directory });
      const from = await startOf(found, base, fork === undefined ? 'origin' : 'fork', inClone).catch(
        async (error: unknown) => {
          // Nothing can be done in it, and the next clone would have to go beside it.
          await remove(directory, signal);
          throw error;
        },
      );
      await git(processes, ['checkout', '--no-track', '-B', branch, from], inClone);
      notes.push(...(await bringExtras(processes, workspace, { ...limit, cwd: directory })));
      const head = await git(processes, ['log', '-1', '--format=%h %s'], inClone);

      const lines = [
        `Cloned ${found.url} into ${directory}.`,
        `branch: ${branch} (from ${from.slice(from.indexOf('/') + 1)})`,
        `last commit: ${head}`,
        ...notes,
      ];
      return { ...said(lines.join('\n')), session: known, touched: [directory] };
    },
  });

  /** The fork to work from where the repository itself can't be written, and what there is to say about that. */
  async function writable(
    { url, access }: Repository,
    signal: AbortSignal,
  ): Promise<{ readonly fork?: Repository; readonly notes: string[] }> {
    if (access === 'write') return { notes: [] };
    if (access === 'archived') {
      const mend = 'Somebody who administers it would have to unarchive it first.';
      return { notes: [`${url} is archived: nobody can change it, nor open a pull request. ${mend}`] };
    }
    try {
      const fork = await forks.fork(url, signal);
      return { fork, notes: [`You may not push there. Your fork ${fork.url} is the remote "fork".`] };
    } catch (error) {
      if (!isFault(error, 'denied', 'invalid', 'missing')) throw error;
      return { notes: [`You may not push there, and it can't be forked: ${error.message}`] };
    }
  }

  async function addFork({ cloneUrl }: Repository, at: GitOptions): Promise<void> {
    await git(processes, ['remote', 'add', 'fork', cloneUrl], at);
    // That branch alone, if it is there: what an earlier machine pushed.
    const refspec = `+refs/heads/${branch}:refs/remotes/fork/${branch}`;
    await tryGit(processes, ['fetch', '--no-tags', 'fork', refspec], at);
  }

  async function startOf(
    { url, defaultBranch }: Repository,
    base: string | undefined,
    remote: 'origin' | 'fork',
    at: GitOptions,
  ): Promise<string> {
    const candidates = [`${remote}/${branch}`, `origin/${base ?? defaultBranch}`];
    for (const candidate of candidates) {
      const ref = `refs/remotes/${candidate}`;
      if (succeeded(await tryGit(processes, ['rev-parse', '--verify', '--quiet', ref], at))) return candidate;
    }
    if (base !== undefined) throw new Fault('invalid', `${url} has no branch ${base}.`);
    throw new Fault(
      'invalid',
      `${url} is empty: somebody has to push a first commit to ${defaultBranch}, then it can be cloned.`,
    );
  }

  async function remove(directory: string, signal: AbortSignal): Promise<void> {
    const spec = { cwd: workspace.root, env: {}, timeoutMs: CLONE_TIMEOUT_MS, previewBytes: 1_024 };
    await processes.run({ ...spec, command: { argv: ['rm', '-rf', '--', directory] } }, signal);
  }

  /** URLs by which the session knows the repository from when it was called otherwise. */
  async function formerNames({ repositories }: Session, { url }: Repository): Promise<readonly string[]> {
    const former: string[] = [];
    for (const known of repositories.filter((each) => plainName(each) !== plainName(url))) {
      const now = await repoHost.repository(known).catch(undefinedWhenMissing);
      if (now?.url === url) former.push(known);
    }
    return former;
  }

  /** A working copy of it that is there, under whichever name it was cloned; else a folder of its name for a new one. */
  async function placeFor(
    { name, cloneUrl }: Repository,
    former: readonly string[],
    signal: AbortSignal,
  ): Promise<{ directory: string; present: boolean }> {
    for (const url of former) {
      const origins = [url, `${url}.git`];
      const found = await folderFor(url.slice(url.lastIndexOf('/') + 1), origins, signal);
      if (found.present) return found;
    }
    return folderFor(name, [cloneUrl], signal);
  }

  /** The name itself, or with a number behind it when something else has that folder. */
  async function folderFor(
    name: string,
    origins: readonly string[],
    signal: AbortSignal,
  ): Promise<{ directory: string; present: boolean }> {
    for (let n = 1; n < 100; n += 1) {
      const directory = n === 1 ? name : `${name}-${n}`;
      if (!(await exists(workspace, directory))) return { directory, present: false };
      const at = { cwd: directory, signal };
      const origin = await tryGit(processes, ['config', '--get', 'remote.origin.url'], at);
      if (!origin.output.head.split('\n').some((line) => origins.includes(line))) continue;
      // The branch is made last: without it this is what a clone that was killed left behind.
      const made = await tryGit(processes, ['rev-parse', '--verify', '--quiet', `refs/heads/${branch}`], at);
      if (succeeded(made)) return { directory, present: true };
    }
    throw new Fault('invalid', `There are already 99 folders named ${name}.`);
  }
}

/** What is there already stays as it is, and of this one nothing is taken for a working copy later. */
function notCloned({ url }: Repository, result: RunResult): Fault {
  const mend =
    'If the connection broke off, call clone_repository again; otherwise what is wrong stands below. What is in the workspace is kept.';
  return new Fault(
    'invalid',
    `${url} could not be cloned. ${mend}\n\ngit clone failed.\n${outputText(result.output)}\n${endText(result)}`,
  );
}

function undefinedWhenMissing(error: unknown): undefined {
  if (!isFault(error, 'missing')) throw error;
  return undefined;
}

/** Hosts don't tell letters by their case in names, and git's `.git` is not part of one. */
const plainName = (url: string): string =>
  url
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .toLowerCase();

/** What comes over a network is brought in as far as it is looked at; the history is whole. */
function isRemote(url: string): boolean {
  return /^https?:/.test(url);
}

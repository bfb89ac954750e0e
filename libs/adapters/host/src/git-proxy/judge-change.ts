import { Fault, findingsOfDiff, isFault, judgeWeakening, mayBearOnChecks, weakeningOf } from '@swe/domain';
import type { PushCommand, RefDecision } from '@swe/domain';
import { changedFiles } from './changed-files';
import type { ChangedFile } from './changed-files';
import { diffOfFiles } from './diff-of-files';
import type { DifferOptions, FileChange, FileContent } from './diff-of-files';
import type { BaseBranches } from './find-workflow-change';
import { ProvenObjects } from './proven-objects';
import type { GitObjects } from './proven-objects';

/** Whether the change that a push brings may be pushed. Throws a fault, in words for the pusher, when it can't tell. */
export type JudgeChange = (
  repository: string,
  commands: readonly PushCommand[],
  signal: AbortSignal,
) => Promise<readonly RefDecision[]>;

export interface ChangeRules extends DifferOptions {
  /** Whether checks may not be made to say less now, because failed ones are repaired and no person has had a say. */
  isRepair(): boolean;
  readonly objects: GitObjects;
  readonly branches: BaseBranches;
}

const MAX_DIFF_BYTES = 2 * 1024 * 1024;
const SUBMODULE = '160000';
/** Each commit of a new branch is asked about at the host, until one is on the base branch. */
const MAX_NEW_COMMITS = 50;
const ASK = 'or ask the person with ask_user: it can be pushed once they have answered';

/**
 * Judges pushes in a repair: what deletes, skips or loosens tests, or changes workflows, is refused with what a person is
 * to be asked. A branch is compared with what the host has at it, which takes the push only if that is so; a new one with
 * the commits of the base branch that it starts from, as the host knows them. All that is compared is proven by its id, so
 * that what is judged is what is pushed, whatever becomes of the files meanwhile.
 */
export function changeJudge(rules: ChangeRules): JudgeChange {
  return async (repository, commands, signal) => {
    if (!rules.isRepair()) return commands.map(({ ref }) => ({ ref, refusal: undefined }));
    const objects = new ProvenObjects(rules.objects, signal);
    const weakening = new Map<string, readonly string[]>();
    const known = new Map<string, readonly string[]>();
    for (const { ref, oldId, newId } of commands) {
      const change = `${oldId}..${newId}`;
      const lines = known.get(change) ?? (await weakeningBy({ oldId, newId }));
      known.set(change, lines);
      weakening.set(ref, lines);
    }
    return judgeWeakening(commands, weakening);

    async function weakeningBy({ oldId, newId }: Omit<PushCommand, 'ref'>): Promise<readonly string[]> {
      const starts = isNone(oldId) ? await startsOf(repository, newId, objects, rules.branches) : [oldId];
      const lines = new Set<string>();
      for (const start of starts) {
        for (const line of await weakeningBetween(start, newId, objects, rules, signal)) lines.add(line);
      }
      return [...lines];
    }
  };
}

const isNone = (id: string): boolean => /^0+$/.test(id);

/**
 * The newest commits of the base branch that `commit` has in its history, one on each way there; none where the host has
 * no commit at all, so that there is nothing to be weakened.
 */
async function startsOf(
  repository: string,
  commit: string,
  objects: ProvenObjects,
  branches: BaseBranches,
): Promise<readonly string[]> {
  const base = await branches.baseBranch(repository);
  if (base === undefined) return [];
  const starts: string[] = [];
  const seen = new Set([commit]);
  for (const id of seen) {
    if (seen.size > MAX_NEW_COMMITS) {
      throw new Fault(
        'invalid',
        `this branch is new and has more commits than can be looked through in a repair: push to the branch whose checks failed, ${ASK}`,
      );
    }
    if (await branches.isOnBranch(repository, base, id)) {
      starts.push(id);
      continue;
    }
    const found = await objects.commit(id);
    if (found === undefined) throw unseen(id);
    for (const parent of found.parents) seen.add(parent);
  }
  return starts;
}

async function weakeningBetween(
  start: string,
  commit: string,
  objects: ProvenObjects,
  differ: DifferOptions,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const [before, after] = [await objects.commit(start), await objects.commit(commit)];
  if (before === undefined) throw unseen(start);
  if (after === undefined) throw unseen(commit);
  const files = await changedFiles(before.tree, after.tree, objects).catch((error: unknown) => {
    throw isFault(error, 'missing') ? unseen(commit) : error;
  });
  const changes: FileChange[] = [];
  for (const file of files.filter(({ path }) => mayBearOnChecks(readable(path)))) {
    changes.push(await contentsOf(file, start, commit, objects));
  }
  const diff = changes.length === 0 ? '' : await diffOf(changes, differ, signal);
  return weakeningOf({ findings: findingsOfDiff(diff ?? ''), isCut: diff === undefined });
}

function diffOf(
  changes: readonly FileChange[],
  differ: DifferOptions,
  signal: AbortSignal,
): Promise<string | undefined> {
  return diffOfFiles(changes, differ, MAX_DIFF_BYTES, signal).catch((cause: unknown) => {
    if (isFault(cause)) throw cause;
    const words = `git cannot tell what this does to tests and workflows: put back what is unusual in their files' names, ${ASK}`;
    throw new Fault('invalid', words, { cause });
  });
}

async function contentsOf(
  { path, before, after }: ChangedFile,
  start: string,
  commit: string,
  objects: ProvenObjects,
): Promise<FileChange> {
  const contentOf = async (file: ChangedFile['before']): Promise<FileContent | undefined> => {
    if (file === undefined) return undefined;
    const { mode, id } = file;
    if (mode === SUBMODULE) return { mode, content: id };
    const content = await objects.blob(id);
    if (content !== undefined) return { mode, content };
    // A clone may have only the contents that were looked at; git brings in others when it compares them.
    const mend = `if the clone lacks it, git diff ${start.slice(0, 12)} ${commit.slice(0, 12)} there fetches it; if it is too large to be looked through, put it back`;
    throw new Fault('missing', `it cannot be seen what this does to ${readable(path)}: ${mend}, ${ASK}`);
  };
  return { path, before: await contentOf(before), after: await contentOf(after) };
}

function unseen(id: string): Fault {
  return new Fault(
    'missing',
    `failed checks are being repaired, and it cannot be seen what this does to them: ${id.slice(0, 12)} is not in a working copy. Fetch the branch as the host has it and push from a clone in the workspace, ${ASK}`,
  );
}

/** A name of one character per byte, as people read it. */
const readable = (name: string): string => Buffer.from(name, 'latin1').toString();

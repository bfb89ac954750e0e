import { importsOf, isFault, readFrontMatter, visibleText } from '@swe/domain';
import type { LoadedRule, Logger, Processes, RepoHost, Session, Workspace } from '@swe/domain';
import { aborted } from '../aborted';
import { openBaseBranch } from './base-branch';
import type { BaseBranch, FileContent, KnownBase, ListedRuleFile } from './base-branch';
import { placeInCopy } from './place-in-copy';
import { createRuleShelf } from './rule-shelf';
import type { RuleShelf } from './rule-shelf';
import { changedText, descriptionText, goneText, ruleText, unreadText } from './rule-text';
import { inForce, tellingOf } from './rules-policy';
import type { Telling } from './rules-policy';

/** Read at one time. */
const MAX_FILES = 40;
/** https://code.claude.com/docs/en/memory#import-additional-files */
const MAX_IMPORT_DEPTH = 5;
/** A working copy without a base branch is asked about so often: its host may be back, or its clone be through. */
const MAX_TRIES = 3;

/** A session, as far as its rules depend on it. */
export interface RuledSession extends Pick<Session, 'repositories' | 'baseBranches' | 'cursor'> {
  /** Its rules so far, by their path in the workspace. */
  readonly rules: ReadonlyMap<string, LoadedRule>;
}

/**
 * The rules that hold for these places of the workspace and that the session does not have yet, in the order in which
 * they are to be read; before them those that it has and that changed on their base branch since. Never fails for what
 * git, a host or a file says. Costs no process where nothing new is touched, but one for each working copy when there
 * are new messages: a long session's base branch was fetched again by then, or not.
 */
export type RuleLoader = (
  touched: readonly string[],
  session: RuledSession,
  signal: AbortSignal,
) => Promise<readonly LoadedRule[]>;

export interface RuleLoaderOptions {
  readonly processes: Pick<Processes, 'run'>;
  readonly workspace: Pick<Workspace, 'root' | 'stat'>;
  readonly logger: Pick<Logger, 'warn'>;
  readonly repoHost: Pick<RepoHost, 'repository'>;
}

interface WorkingCopy {
  /** Relative to the workspace. */
  readonly directory: string;
  base: BaseBranch;
  /** Opens the base branch as it is now. */
  readonly reopen: (signal: AbortSignal) => Promise<BaseBranch | undefined>;
  /** Up to which message it was looked at whether the base branch moved. */
  cursor: number;
  /** What the session has is as this base branch has it, or was told anew. */
  isCompared: boolean;
  /** What was read and holds for other paths than those that were touched so far. */
  readonly waiting: Map<string, FileContent>;
}

/**
 * Loads rules from the base branches of the working copies in a workspace. Of the session's repositories only: what else
 * a command brought in is read, not worked in, and may be anybody's.
 */
export function ruleLoader({ processes, workspace, logger, repoHost }: RuleLoaderOptions): RuleLoader {
  const copies = new Map<string, WorkingCopy>();
  const failures = new Map<string, number>();

  return async (touched, session, signal) => {
    const places = await Promise.all(touched.map((path) => placeInCopy(workspace, path)));
    const byCopy = Map.groupBy(
      places.filter((place) => place !== undefined),
      ({ copy }) => copy,
    );
    const shelf = createRuleShelf(session.rules);
    for (const [directory, there] of byCopy) {
      const copy = copies.get(directory) ?? (await openCopy(directory, session, signal));
      if (copy === undefined) continue;
      await lookAgain(copy, session, signal);
      if (!copy.isCompared) await tellChanges(workspace, copy, session.rules, shelf, signal);
      const paths = there.map(({ path }) => path);
      await loadRules(copy, paths, shelf, signal);
    }
    return shelf.rules();
  };

  async function openCopy(
    directory: string,
    session: RuledSession,
    signal: AbortSignal,
  ): Promise<WorkingCopy | undefined> {
    const failed = failures.get(directory) ?? 0;
    if (failed === MAX_TRIES || session.repositories.length === 0) return undefined;
    const known = await knownBases(session, signal);
    const reopen = (until: AbortSignal) => openBaseBranch(processes, directory || '.', known, until);
    const base = known.length === 0 ? undefined : await reopen(signal);
    if (base === undefined) {
      if (signal.aborted) return undefined;
      failures.set(directory, failed + 1);
      logger.warn('rules.unread', { directory });
      return undefined;
    }
    const { cursor } = session;
    const copy = { directory, base, reopen, cursor, isCompared: false, waiting: new Map() };
    copies.set(directory, copy);
    return copy;
  }

  /** From which branches work in the session's repositories starts. A host that hangs holds up nobody who says stop. */
  async function knownBases(
    { repositories, baseBranches = {} }: RuledSession,
    signal: AbortSignal,
  ): Promise<readonly KnownBase[]> {
    const baseOf = async (url: string): Promise<readonly KnownBase[]> => {
      try {
        const { cloneUrl, defaultBranch } = await repoHost.repository(url);
        return [{ cloneUrl, branch: baseBranches[url] ?? defaultBranch }];
      } catch (error) {
        if (!isFault(error)) throw error;
        return [];
      }
    };
    const settled = new AbortController();
    const asked = Promise.all(repositories.map(baseOf)).finally(() => settled.abort());
    const stopped = aborted(signal, settled.signal).then(() => []);
    return (await Promise.race([asked, stopped])).flat();
  }
}

/** Goes by the base branch as it is now, once for new messages. */
async function lookAgain(copy: WorkingCopy, { cursor }: RuledSession, signal: AbortSignal): Promise<void> {
  if (copy.cursor === cursor) return;
  const base = await copy.reopen(signal);
  if (base === undefined) return;
  copy.cursor = cursor;
  if (base.commit === copy.base.commit) return;
  copy.base = base;
  copy.isCompared = false;
  copy.waiting.clear();
}

/** Stands for the hash of a file that is no more: once it is there again, it is told. */
const GONE = '';

/** Puts on the shelf, again, what the session has otherwise than the base branch, and what of it is gone there. */
async function tellChanges(
  workspace: RuleLoaderOptions['workspace'],
  copy: WorkingCopy,
  loaded: RuledSession['rules'],
  shelf: RuleShelf,
  signal: AbortSignal,
): Promise<void> {
  const { directory, base } = copy;
  const listed = new Map(base.ruleFiles.map((file) => [file.path, file]));
  const changed: ListedRuleFile[] = [];
  for (const { path, blob } of loaded.values()) {
    // Files that others of the same copy import are not listed, and of nested copies each is looked at by itself.
    const place = blob === undefined ? undefined : await placeInCopy(workspace, path);
    if (place?.copy !== directory) continue;
    const file = listed.get(place.path);
    if (file !== undefined && file.blob !== blob) changed.push(file);
    else if (file === undefined && blob !== GONE) shelf.add(path, goneText(path), GONE);
  }
  const some = changed.slice(0, MAX_FILES);
  const contents = await base.read(
    some.map(({ path }) => path),
    signal,
  );
  // Stopped, or git failed: the next touch asks again.
  if (contents === undefined) return;
  for (const file of some) {
    const path = directory === '' ? file.path : `${directory}/${file.path}`;
    const content = contents.get(file.path);
    const words = content === undefined ? unreadText(path) : wordsOf(file, path, content);
    shelf.add(path, words === '' ? goneText(path) : changedText(path, words), file.blob);
  }
  copy.isCompared = some.length === changed.length;
}

/** Of a file that was told before: whatever it held for then was touched. */
function wordsOf(file: ListedRuleFile, path: string, content: FileContent): string {
  const telling = tellingOf(file, content.text, []);
  return textOf(file, telling === 'not-yet' ? 'words' : telling, path, content);
}

/** Puts on the shelf what holds at `touched` and is not there yet, the same words once. */
async function loadRules(
  { directory, base, waiting }: WorkingCopy,
  touched: readonly string[],
  shelf: RuleShelf,
  signal: AbortSignal,
): Promise<void> {
  const inWorkspace = (path: string): string => (directory === '' ? path : `${directory}/${path}`);
  const isThere = ({ path }: { readonly path: string }): boolean => shelf.has(inWorkspace(path));
  const blobs = new Set(base.ruleFiles.filter(isThere).map(({ blob }) => blob));
  const wanted = inForce(base.ruleFiles, touched).filter((file) => {
    const known = waiting.get(file.path);
    const isWanted = known === undefined || tellingOf(file, known.text, touched) !== 'not-yet';
    return isWanted && !isThere(file) && !blobs.has(file.blob) && blobs.add(file.blob);
  });
  if (wanted.length === 0) return;
  const contents = await read(wanted);
  // Stopped, or git failed: the next touch asks again.
  if (contents === undefined) return;
  for (const file of wanted.slice(0, MAX_FILES)) await place(file, contents.get(file.path));
  for (const { path } of wanted.slice(MAX_FILES)) shelf.leaveOut(inWorkspace(path));

  function read(files: readonly { readonly path: string }[]): ReturnType<BaseBranch['read']> {
    const paths = files.slice(0, MAX_FILES).map(({ path }) => path);
    return base.read(paths, signal);
  }

  async function place(file: ListedRuleFile, content: FileContent | undefined): Promise<void> {
    const path = inWorkspace(file.path);
    if (content === undefined) return shelf.add(path, unreadText(path), file.blob);
    const telling = tellingOf(file, content.text, touched);
    if (telling === 'not-yet') return void waiting.set(file.path, content);
    // A link to what is there.
    if (content.blob !== file.blob && blobs.has(content.blob)) return shelf.add(path, '');
    blobs.add(content.blob);
    shelf.add(path, textOf(file, telling, path, content), file.blob);
    if (file.imports) await placeImports(file.path, content, 1);
  }

  async function placeImports(path: string, { text }: FileContent, depth: number): Promise<void> {
    if (depth > MAX_IMPORT_DEPTH) return;
    const named = importsOf(visibleText(text).text, path).map((each) => ({ path: each }));
    const imported = await read(named.filter((each) => !isThere(each)));
    for (const [each, content] of imported ?? []) {
      if (blobs.has(content.blob)) continue;
      blobs.add(content.blob);
      shelf.add(inWorkspace(each), ruleText(inWorkspace(each), content));
      await placeImports(each, content, depth + 1);
    }
  }
}

function textOf(
  { kind }: ListedRuleFile,
  telling: Exclude<Telling, 'not-yet'>,
  path: string,
  content: FileContent,
): string {
  if (telling === 'purpose') return descriptionText(path, kind, content);
  if (kind !== 'conditional') return ruleText(path, content);
  return ruleText(path, { ...content, text: readFrontMatter(content.text).body });
}

import type { Git } from '../git';
import { namesIn } from '../git';

/** A setting's full name (`remote.origin.url`) and its value. */
export type Setting = readonly [name: string, value: string];

/** What a working copy is without: where it comes from, how its files and branches behave. None is run by a restore. */
const KEPT = [
  /^branch\./,
  /^remote\..+\.(url|pushurl|fetch|push|promisor|partialclonefilter|tagopt|prune)$/,
  /^core\.(autocrlf|eol|safecrlf|filemode|ignorecase|symlinks|precomposeunicode|quotepath|sparsecheckout|sparsecheckoutcone|splitindex|logallrefupdates)$/,
  /^(user|author|committer)\.(name|email)$/,
  /^(pull|push|rebase|rerere|index|status|commit)\.[a-z]+$/,
  /^merge\.(conflictstyle|ff|renames|log)$/,
  /^submodule\..+\.(url|active|branch|ignore)$/,
  // A filter that does not come back lets the next `git add` store what it should have replaced.
  /^filter\..+\.(clean|smudge|process|required)$/,
  /^extensions\.(partialclone|objectformat)$/,
];
/** Made by git itself, or by the restore. */
const NOT_MISSED = /^core\.(repositoryformatversion|bare|worktree)$/;

export interface Settings {
  readonly kept: readonly Setting[];
  readonly dropped: readonly string[];
}

/** Reads the settings without heeding any. Credentials in URLs are removed. */
export async function readSettings(git: Git, gitDirectory: string, signal: AbortSignal): Promise<Settings> {
  const args = ['config', '--file', `${gitDirectory}/config`, '--no-includes', '--list', '-z'];
  const { exitCode, stdout } = await git.attempt(args, { cwd: '/', signal });
  const all = exitCode === 0 ? namesIn(stdout).map(toSetting) : [];
  return {
    kept: all.filter(([name]) => isKept(name)).map(([name, value]) => [name, withoutCredentials(value)]),
    dropped: all.map(([name]) => name).filter((name) => !isKept(name) && !NOT_MISSED.test(name)),
  };
}

export function isKept(name: string): boolean {
  return KEPT.some((kept) => kept.test(name));
}

export function settingOf(settings: readonly Setting[], name: string): string | undefined {
  return settings.findLast(([each]) => each === name)?.[1];
}

/** As a file that git reads: https://git-scm.com/docs/git-config#_syntax */
export function toConfigFile(settings: readonly Setting[]): string {
  return settings
    .map(([name, value]) => {
      const [first, last] = [name.indexOf('.'), name.lastIndexOf('.')];
      const subsection = first === last ? '' : ` ${quoted(name.slice(first + 1, last))}`;
      return `[${name.slice(0, first)}${subsection}]\n\t${name.slice(last + 1)} = ${quoted(value)}\n`;
    })
    .join('');
}

function toSetting(entry: string): Setting {
  const end = entry.indexOf('\n');
  return end < 0 ? [entry, 'true'] : [entry.slice(0, end), entry.slice(end + 1)];
}

function withoutCredentials(value: string): string {
  return value.replace(/^([a-z+]+:\/\/)[^/@]*@/i, (whole, scheme: string) =>
    scheme === 'ssh://' ? whole : scheme,
  );
}

function quoted(value: string): string {
  const escaped = value
    .replace(/[\\"]/g, (c) => `\\${c}`)
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t');
  return `"${escaped}"`;
}

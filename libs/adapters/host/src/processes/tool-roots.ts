import { basename, dirname, isAbsolute, normalize, sep } from 'node:path';

/** Folders of programs: what these need usually lies beside them (`lib`, `libexec`, `versions`). */
const PROGRAM_FOLDERS = new Set(['bin', 'sbin', '.bin', 'shims']);
/** Dot folders of a home that hold versions of programs and nothing else; others keep credentials beside their `bin`. */
const VERSION_MANAGERS = new Set([
  '.pyenv',
  '.rbenv',
  '.nodenv',
  '.goenv',
  '.asdf',
  '.volta',
  '.bun',
  '.deno',
]);

export interface ToolRootsOptions {
  /** Homes of the person. */
  readonly homes: readonly string[];
  /** Never shown, nor anything that holds or is below one of them. */
  readonly hidden: readonly string[];
}

/**
 * What must be seen for the programs of `folders` (absolute; others are left out) to work: the parent of a folder
 * named like one of programs, otherwise the folder alone. Alone it is also when the parent holds a home or something
 * hidden, or is a dot folder right in a home that is no version manager's: `~/.local`, `~/.cargo`.
 */
export function toolRoots(
  folders: readonly string[],
  { homes, hidden }: ToolRootsOptions,
): readonly string[] {
  const isClosed = (folder: string): boolean =>
    homes.some((home) => isWithin(home, folder)) ||
    hidden.some((each) => isWithin(each, folder) || isWithin(folder, each));
  const isMixed = (folder: string): boolean =>
    homes.includes(dirname(folder)) &&
    basename(folder).startsWith('.') &&
    !VERSION_MANAGERS.has(basename(folder));
  const rootOf = (folder: string): readonly string[] => {
    const parent = dirname(folder);
    const whole = PROGRAM_FOLDERS.has(basename(folder)) && !isClosed(parent) && !isMixed(parent);
    return whole ? [parent] : isClosed(folder) ? [] : [folder];
  };
  return [...new Set(folders.filter(isAbsolute).map(withoutEnd).flatMap(rootOf))];
}

/** Whether `path` is `folder` or below it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}

function withoutEnd(folder: string): string {
  return normalize(folder).replace(/(?<=.)\/$/, '');
}

/**
 * Where `path` leads from the folder `from`, both relative to one root: without `.` and `..`, '' for the root itself.
 * Undefined where that is outside of the root, and for an absolute path.
 */
export function innerPath(from: string, path: string): string | undefined {
  if (path.startsWith('/')) return undefined;
  const parts: string[] = [];
  for (const part of `${from}/${path}`.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}

/** The folder that a path is in, '' for the root. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** `path` as it is seen from `folder`, which it is in. */
export const pathFrom = (folder: string, path: string): string =>
  folder === '' ? path : path.slice(folder.length + 1);

/** Whether `path` is `folder` or in it; the root, '', holds everything. */
export const isWithin = (folder: string, path: string): boolean =>
  folder === '' || path === folder || path.startsWith(`${folder}/`);

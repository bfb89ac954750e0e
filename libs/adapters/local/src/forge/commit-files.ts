import type { ForgeStore } from './forge-store';

const MESSAGE = 'Start';

/**
 * Commits `files` (content by path) to `branch` of an empty repository. By git's fast-import, whose stream counts
 * bytes and so holds any content: https://git-scm.com/docs/git-fast-import
 */
export async function commitFiles(
  store: ForgeStore,
  name: string,
  branch: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const seconds = Math.floor(store.clock.nowMs() / 1000);
  const stream = [
    `commit refs/heads/${branch}`,
    `committer forge <forge@localhost> ${seconds} +0000`,
    data(MESSAGE),
    ...Object.entries(files).map(([path, content]) => `M 100644 inline ${quoted(path)}\n${data(content)}`),
    'done',
  ];
  await store.git.feed(`${stream.join('\n')}\n`, '-C', store.path(name), 'fast-import', '--quiet', '--done');
}

function data(content: string): string {
  return `data ${Buffer.byteLength(content)}\n${content}`;
}

function quoted(path: string): string {
  return `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

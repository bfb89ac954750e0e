import { expect } from '@jest/globals';
import type { Workspace } from '@swe/domain';
import { expectFault } from './expect-fault';
import type { Contract } from './run-contract';

export interface WorkspaceSubject {
  readonly workspace: Workspace;
  /** Makes a link at `path`, in a folder that exists, without asking the workspace. */
  link(path: string, target: string): Promise<void>;
  makeExecutable(path: string): Promise<void>;
  /** A folder beside the root, absolute, with nothing in it but the file `secret`. */
  readonly outside: string;
  /** Every file in the folder outside, by name. */
  filesOutside(): Promise<Readonly<Record<string, string>>>;
}

export const SECRET = 'not for the model';

const MIB = 1024 * 1024;
const ALL_BYTES = Uint8Array.from({ length: 1024 }, (_, index) => index % 256);

export const workspaceContract = {
  async 'what was written is read back byte for byte'({ workspace }) {
    for (const bytes of [ALL_BYTES, utf8('$& $1 $$ $` \r\n\0 \u{1F600}'), new Uint8Array()]) {
      await workspace.write('file', bytes);
      await expectBytes(workspace, 'file', bytes);
      expect(await workspace.stat('file')).toEqual({
        kind: 'file',
        bytes: bytes.length,
        executable: false,
      });
    }
    await workspace.write(`${workspace.root}/absolute`, utf8('below the root'));
    await expectBytes(workspace, 'absolute', utf8('below the root'));
  },

  async 'a range reads only that part, and tells the whole size'({ workspace }) {
    await workspace.write('file', utf8('0123456789'));
    const cases = [
      [{ offset: 2, length: 3 }, '234'],
      [{ offset: 8, length: 100 }, '89'],
      [{ offset: 10, length: 1 }, ''],
      [{ offset: 99, length: 1 }, ''],
    ] as const;
    for (const [range, text] of cases) {
      const part = await workspace.read('file', range);
      expect([new TextDecoder().decode(part.bytes), part.totalBytes]).toEqual([text, 10]);
    }
    await expectFault(workspace.read('file', { offset: -1, length: 1 }), 'invalid');
  },

  async "`write` replaces atomically, makes missing folders and keeps the file's mode"(subject) {
    const { workspace } = subject;
    await workspace.write('a/b/script', utf8('first'));
    await subject.makeExecutable('a/b/script');
    const contents = ['x', 'y'].map((letter) => utf8(letter.repeat(2 * MIB)));
    await workspace.write('a/b/script', contents[0]!);
    let writing = true;
    const writes = (async () => {
      for (let round = 1; round < 8; round += 1) await workspace.write('a/b/script', contents[round % 2]!);
    })().finally(() => (writing = false));
    while (writing) {
      const { bytes } = await workspace.read('a/b/script');
      await new Promise((resolve) => setImmediate(resolve));
      expect(contents.some((whole) => Buffer.compare(whole, bytes) === 0)).toBe(true);
    }
    await writes;
    expect(await workspace.stat('a/b/script')).toMatchObject({ executable: true });
    expect(await workspace.list('a/b')).toEqual([{ name: 'script', kind: 'file' }]);
  },

  async '`list` names every entry once, sorted, without following links'(subject) {
    const { workspace } = subject;
    for (const name of ['b', 'a', 'B', 'd/deep', '.hidden']) await workspace.write(name, utf8(name));
    await subject.link('c', 'd');
    await subject.link('dangling', 'nothing');
    await subject.link('e', subject.outside);
    const entries = [
      { name: '.hidden', kind: 'file' },
      { name: 'B', kind: 'file' },
      { name: 'a', kind: 'file' },
      { name: 'b', kind: 'file' },
      { name: 'c', kind: 'link' },
      { name: 'd', kind: 'directory' },
      { name: 'dangling', kind: 'link' },
      { name: 'e', kind: 'link' },
    ];
    expect(await workspace.list('.')).toEqual(entries);
    expect(await workspace.list(workspace.root)).toEqual(entries);
  },

  async '`list` with a limit gives that many of the sorted entries, the first ones'({ workspace }) {
    const names = Array.from({ length: 40 }, (_, i) => `file-${(i * 7) % 40}`);
    for (const name of names) await workspace.write(`folder/${name}`, utf8(name));
    const sorted = names.toSorted().map((name) => ({ name, kind: 'file' }));
    for (const limit of [1, 3, 39, 40, 41]) {
      expect(await workspace.list('folder', limit)).toEqual(sorted.slice(0, limit));
    }
  },

  async 'a path that leaves the root by `..` is refused as `denied`'(subject) {
    const { workspace, outside } = subject;
    const beside = outside.split('/').at(-1);
    await workspace.write('folder/file', utf8('inside'));
    for (const folder of [
      outside,
      `../${beside}`,
      `folder/../../${beside}`,
      `${workspace.root}/../${beside}`,
    ]) {
      await expectDenied(workspace, folder);
    }
    await expectUntouched(subject);
    await expectBytes(workspace, 'folder/../folder/./file', utf8('inside'));
  },

  async 'a path that leaves the root through a link is refused as `denied`, for reading and for writing'(
    subject,
  ) {
    const { workspace, outside } = subject;
    await workspace.write('folder/file', utf8('inside'));
    await subject.link('out', outside);
    await subject.link('folder/chain', '../out');
    for (const folder of ['out', 'folder/chain']) await expectDenied(workspace, folder);

    await subject.link('out-file', `${outside}/secret`);
    await subject.link('dangling', `${outside}/new`);
    await subject.link('dangling-folder', `${outside}/new-folder`);
    for (const path of ['out-file', 'dangling', 'dangling-folder/new']) {
      await expectFault(workspace.read(path), 'denied');
      await expectFault(workspace.write(path, utf8('escaped')), 'denied');
    }
    await expectUntouched(subject);

    await subject.link('in', 'folder');
    await subject.link('to-be', 'folder/to-be');
    await workspace.write('in/file', utf8('through a link'));
    await workspace.write('to-be', utf8('made through a link'));
    await expectBytes(workspace, 'folder/file', utf8('through a link'));
    await expectBytes(workspace, 'folder/to-be', utf8('made through a link'));
    expect(await workspace.stat('to-be')).toMatchObject({ kind: 'link' });
  },

  async 'a missing file is `missing`; a directory read as a file, or listed file, is `invalid`'({
    workspace,
  }) {
    await workspace.write('folder/file', utf8('x'));
    for (const path of ['nothing', 'folder/nothing', 'no/folder']) {
      await expectFault(workspace.read(path), 'missing');
      await expectFault(workspace.stat(path), 'missing');
      await expectFault(workspace.list(path), 'missing');
    }
    for (const path of ['folder', '.']) {
      await expectFault(workspace.read(path), 'invalid');
      await expectFault(workspace.write(path, utf8('x')), 'invalid');
    }
    await expectFault(workspace.list('folder/file'), 'invalid');
    await expectFault(workspace.write('folder/file/below', utf8('x')), 'invalid');
  },

  async 'reading more than 32 MB at once is `invalid`'({ workspace }) {
    const totalBytes = 32 * MIB + 1;
    await workspace.write('large', new Uint8Array(totalBytes));
    await expectFault(workspace.read('large'), 'invalid');
    await expectFault(workspace.read('large', { offset: 0, length: totalBytes }), 'invalid');
    const last = await workspace.read('large', { offset: totalBytes - 2, length: totalBytes });
    expect([last.bytes.length, last.totalBytes]).toEqual([2, totalBytes]);
  },
} satisfies Contract<WorkspaceSubject>;

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

async function expectBytes(workspace: Workspace, path: string, bytes: Uint8Array): Promise<void> {
  const file = await workspace.read(path);
  expect(Buffer.from(file.bytes)).toEqual(Buffer.from(bytes));
  expect(file.totalBytes).toBe(bytes.length);
}

/** `folder` leads to the folder outside: nothing may be done there. */
async function expectDenied(workspace: Workspace, folder: string): Promise<void> {
  const attempts = [
    workspace.read(`${folder}/secret`),
    workspace.stat(`${folder}/secret`),
    workspace.write(`${folder}/secret`, utf8('escaped')),
    workspace.write(`${folder}/new`, utf8('escaped')),
    workspace.write(`${folder}/new-folder/new`, utf8('escaped')),
    workspace.list(folder),
  ];
  const outcomes = await Promise.allSettled(attempts);
  expect(outcomes).toEqual(
    attempts.map(() => ({ status: 'rejected', reason: expect.objectContaining({ kind: 'denied' }) })),
  );
}

async function expectUntouched({ filesOutside }: WorkspaceSubject): Promise<void> {
  expect(await filesOutside()).toEqual({ secret: SECRET });
}

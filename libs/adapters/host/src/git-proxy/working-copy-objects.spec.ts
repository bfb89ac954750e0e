import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WorkingCopyObjects } from './working-copy-objects';

const { signal } = new AbortController();
const PATH = process.env['PATH'] ?? '';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'working-copy-objects-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (path = PATH): WorkingCopyObjects =>
  new WorkingCopyObjects({
    root: join(folder, 'workspace'),
    stateDirectory: join(folder, 'state'),
    environment: { PATH: path },
  });

/** Gives the id of a file's content in a working copy of that name. */
function addBlob(name: string, content: string): string {
  const cwd = join(folder, 'workspace', name);
  mkdirSync(cwd, { recursive: true });
  execFileSync('git', ['init', '--quiet'], { cwd });
  const args = ['hash-object', '-w', '--stdin'];
  return execFileSync('git', args, { cwd, input: content, encoding: 'utf8' }).trim();
}

const read = async (objects: WorkingCopyObjects, id: string): Promise<string | undefined> => {
  const content = await objects.read(id, 'blob', signal);
  return content && Buffer.from(content).toString();
};

describe('the objects of working copies', () => {
  it('of one that is made while they are read are found', async () => {
    const objects = open();
    const first = addBlob('first', '1');
    expect(await read(objects, first)).toBe('1');
    const second = addBlob('second', '2');
    expect(await read(objects, second)).toBe('2');
    rmSync(join(folder, 'workspace/first'), { recursive: true });
    expect(await read(objects, first)).toBeUndefined();
    expect(await read(objects, second)).toBe('2');
  });

  it('the workspace is not searched again for what a known one has', async () => {
    const objects = open();
    const id = addBlob('known', 'true');
    expect(await read(objects, id)).toBe('true');
    // A search would come upon this one first.
    addBlob('a-decoy', 'other');
    const place = join(folder, 'workspace/a-decoy/.git/objects', id.slice(0, 2));
    mkdirSync(place);
    writeFileSync(join(place, id.slice(2)), deflateSync(Buffer.from('blob 3\0lie')));
    expect(await read(objects, id)).toBe('true');
    expect(await read(open(), id)).toBe('lie');
  });

  it('a repository of our own that was left half-made is not taken for one', async () => {
    const id = addBlob('shop', '1');
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    const git = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
    const dying = `if [ "$1" = init ]; then for last; do :; done; echo ref: x > "$last/HEAD"; exit 1; fi`;
    writeFileSync(join(bin, 'git'), `#!/bin/sh\n${dying}\nexec ${git} "$@"\n`, { mode: 0o755 });
    await expect(read(open(`${bin}:${PATH}`), id)).rejects.toThrow('git init');
    expect(readdirSync(join(folder, 'state'))).toEqual([]);
    // As if it had been killed there.
    mkdirSync(join(folder, 'state/making-x'));
    writeFileSync(join(folder, 'state/making-x/HEAD'), 'ref: x\n');
    expect(await read(open(), id)).toBe('1');
  });

  it('readers that begin at once make one repository of our own', async () => {
    const id = addBlob('shop', '1');
    const readers = Array.from({ length: 4 }, () => read(open(), id));
    expect(await Promise.all(readers)).toEqual(['1', '1', '1', '1']);
    expect(readdirSync(join(folder, 'state'))).toEqual(['empty-sha1.git']);
  });
});

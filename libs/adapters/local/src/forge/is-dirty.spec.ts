import { existsSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openForgeFixture } from './forge-fixture';
import { isDirty } from './is-dirty';

describe('whether a working tree has more than is committed', () => {
  let fixture: ReturnType<typeof openForgeFixture>;
  let source: string;
  beforeEach(async () => {
    fixture = openForgeFixture(process.env['PATH']);
    source = await fixture.repository('shop');
  });
  afterEach(() => fixture.close());

  const set = (key: string, value: string) => fixture.git.run('-C', source, 'config', key, value);

  it.each([
    ['nothing', () => undefined, false],
    ['a new file', () => writeFileSync(join(source, 'new.txt'), ''), true],
    ['a changed file', () => writeFileSync(join(source, 'README.md'), 'changed'), true],
    ['a file with another time', () => utimesSync(join(source, 'README.md'), 1, 1), false],
  ])('is told with %s', async (_what, change, expected) => {
    change();
    expect(await isDirty(fixture.git, source)).toBe(expected);
  });

  it.each(['clean', 'process'])('is told without running a filter’s %s command', async (kind) => {
    const trace = join(fixture.folder, 'trace');
    await set(`filter.a=b.Evil.${kind}`, `touch ${trace}`);
    await set('filter.a=b.Evil.required', 'true');
    writeFileSync(join(source, '.git/info-attributes'), '* filter=a=b.Evil\n');
    await set('core.attributesFile', join(source, '.git/info-attributes'));
    utimesSync(join(source, 'README.md'), 1, 1);
    expect(await isDirty(fixture.git, source)).toBe(false);
    expect(existsSync(trace)).toBe(false);

    await fixture.git.attempt('-C', source, 'status', '--porcelain');
    expect(existsSync(trace)).toBe(true);
  });

  it('is invalid where objects are missing, and no command brings them', async () => {
    const trace = join(fixture.folder, 'trace');
    const tree = await fixture.git.run('-C', source, 'rev-parse', 'HEAD^{tree}');
    await set('core.repositoryFormatVersion', '1');
    await set('extensions.partialClone', 'origin');
    await set('remote.origin.promisor', 'true');
    await set('remote.origin.url', '/nowhere');
    await set('remote.origin.uploadPack', `touch ${trace}`);
    rmSync(join(source, '.git/objects', tree.slice(0, 2)), { recursive: true });
    await expect(isDirty(fixture.git, source)).rejects.toMatchObject({ kind: 'invalid' });
    expect(readdirSync(fixture.folder)).not.toContain('trace');
  });
});

import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openForgeFixture } from './forge-fixture';

let fixture: ReturnType<typeof openForgeFixture>;
beforeEach(() => {
  fixture = openForgeFixture(process.env['PATH']);
});
afterEach(() => fixture.close());

it('a repository is made with one commit of its files, byte for byte', async () => {
  const files = {
    'README.md': '# Shop\n',
    'src/deep/ü "q" \\.txt': 'no line break at the end, ünïcode',
    empty: '',
  };
  const repository = await fixture.forge.createRepository('shop', { files });
  const { cloneUrl } = await fixture.forge.host.repository(repository);
  const git = (...args: string[]) => fixture.git.run('-C', cloneUrl, ...args);
  expect(await git('rev-list', '--count', 'main')).toBe('1');
  const names = await git('-c', 'core.quotePath=false', 'ls-tree', '-r', '-z', '--name-only', 'main');
  expect(names.split('\0').filter(Boolean).toSorted()).toEqual(Object.keys(files).toSorted());
  for (const [path, content] of Object.entries(files)) {
    expect(await git('cat-file', 'blob', `main:${path}`)).toBe(content.trimEnd());
  }
});

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openForgeFixture } from './forge-fixture';

let fixture: ReturnType<typeof openForgeFixture>;
beforeEach(() => {
  fixture = openForgeFixture(process.env['PATH']);
});
afterEach(() => fixture.close());

it('leaves nothing behind of a repository that git could not make', async () => {
  const { folder, forge } = fixture;
  const withoutGit = fixture.openForge({ env: { PATH: folder } });
  await expect(withoutGit.createRepository('shop')).rejects.toMatchObject({ kind: 'missing' });
  withoutGit.close();
  await expect(forge.createRepository('shop', { defaultBranch: 'no branch' })).rejects.toThrow(/git init/);
  expect(readdirSync(join(folder, 'forge', 'repositories'))).toEqual([]);
});

import { beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryRepoHost } from '@swe/testing/memory';
import { resolveTask } from './resolve-task';
import type { TaskHosts } from './resolve-task';

const SHOP = 'forge://shop';
let repoHost: MemoryRepoHost;
let broughtIn: string[];
let hosts: TaskHosts;
beforeEach(() => {
  repoHost = new MemoryRepoHost();
  repoHost.addRepository(SHOP);
  repoHost.seedIssue(SHOP, { title: 'Wrong total', body: '' });
  broughtIn = [];
  hosts = {
    repoHost,
    serves: (repository) => repository.startsWith('forge://'),
    bringIn: async (source) => {
      broughtIn.push(source);
      return 'forge://mirror';
    },
  };
});

describe('a task', () => {
  it('that is an issue’s URL needs no repository, and is that issue', async () => {
    expect(await resolveTask({ task: `${SHOP}/issues/1` }, hosts)).toEqual({
      message: `Solve this issue: ${SHOP}/issues/1\n\nRepository: ${SHOP}`,
      repository: SHOP,
      issue: { repository: SHOP, number: 1 },
    });
    expect(broughtIn).toEqual([]);
  });

  it('in words is worked on in the repository that was named', async () => {
    expect(await resolveTask({ task: 'Fix it.', repo: '../shop' }, hosts)).toEqual({
      message: 'Fix it.\n\nRepository: forge://mirror',
      repository: 'forge://mirror',
      issue: undefined,
    });
    expect(broughtIn).toEqual(['../shop']);
  });

  it('that mentions an issue is worked on in its repository', async () => {
    const { repository, issue } = await resolveTask({ task: `Look at ${SHOP}/issues/1, please.` }, hosts);
    expect({ repository, issue }).toEqual({ repository: SHOP, issue: undefined });
  });

  it('takes a repository by the host’s own URL without bringing it in', async () => {
    expect((await resolveTask({ task: 'Fix it.', repo: `${SHOP}/` }, hosts)).repository).toBe(SHOP);
    expect(broughtIn).toEqual([]);
  });

  it.each([
    [{ task: `${SHOP}/issues/9` }, 'missing'],
    [{ task: 'https://github.com/o/r/issues/1' }, 'invalid'],
    [{ task: 'Fix it.' }, 'invalid'],
    [{ task: 'Fix it.', repo: 'forge://nowhere' }, 'missing'],
    [{ task: `${SHOP}/issues/9`, repo: '../shop' }, 'missing'],
  ])('%j is refused as %s before anything is made', async (request, kind) => {
    await expect(resolveTask(request, hosts)).rejects.toMatchObject({ kind });
    expect(broughtIn).toEqual([]);
  });
});

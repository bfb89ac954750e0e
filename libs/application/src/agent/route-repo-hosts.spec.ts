import { expect, it } from '@jest/globals';
import { MemoryRepoHost, openMemoryRepoHost } from '@swe/testing/memory';
import { repoHostContract, runContract } from '@swe/testing/contracts';
import { routeRepoHosts } from './route-repo-hosts';

runContract('routeRepoHosts', repoHostContract, () => {
  const subject = openMemoryRepoHost();
  const elsewhere = { serves: (url: string) => url.startsWith('forge://'), repoHost: new MemoryRepoHost() };
  const { repoHost } = routeRepoHosts([elsewhere, { serves: () => true, repoHost: subject.host }]);
  return { subject: { ...subject, host: repoHost } };
});

const hosts = routeRepoHosts([
  { serves: (url) => url.startsWith('forge://'), repoHost: new MemoryRepoHost() },
]);

it('tells whether a repository is on one of them', () => {
  expect(hosts.serves('forge://shop')).toBe(true);
  expect(hosts.serves('https://github.com/acme/shop')).toBe(false);
});

it('has no repository of another host', async () => {
  await expect(hosts.repoHost.repository('https://github.com/acme/shop')).rejects.toMatchObject({
    kind: 'missing',
    message: 'https://github.com/acme/shop is on a host that is not connected.',
  });
});

it('says what a host does not have', async () => {
  const ref = { repository: 'forge://shop', number: 1 };
  const signal = new AbortController().signal;
  await expect(hosts.forks.fork('forge://shop', signal)).rejects.toThrow(
    'The host of forge://shop has no forks.',
  );
  await expect(hosts.codeReview.threads(ref)).rejects.toThrow('has no reviews.');
  await expect(hosts.checkLogs.log('forge://shop', '1', 10)).rejects.toThrow('has no logs of checks.');
});

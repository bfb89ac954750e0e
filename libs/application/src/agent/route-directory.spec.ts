import { expect, it } from '@jest/globals';
import { directoryContract, runContract } from '@swe/testing/contracts';
import { openMemoryDirectory } from '@swe/testing/memory';
import { routeDirectory } from './route-directory';

runContract('routeDirectory', directoryContract, () => {
  const slack = openMemoryDirectory();
  return { subject: { ...slack, directory: routeDirectory({ slack: slack.directory }) } };
});

it('whoever has no directory is called by the end of their id', async () => {
  const directory = routeDirectory({});
  expect(await directory.person('local:ada')).toMatchObject({ name: 'ada', isKnown: false });
  expect(await directory.person('constructor:eve')).toMatchObject({ name: 'eve', isKnown: false });
});

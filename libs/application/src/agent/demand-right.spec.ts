import { expect, it } from '@jest/globals';
import { expectFault } from '@swe/testing/contracts';
import { MemoryDirectory } from '@swe/testing/memory';
import { rightsOf } from './demand-right';

const SECRET = 'https://github.com/acme/secret';
const PLACE = 'github:github.com/acme/secret';

function open() {
  const directory = new MemoryDirectory();
  directory.readers.set(PLACE, ['github:ada', 'github:bob']);
  directory.writers.set(PLACE, ['github:ada']);
  return rightsOf(directory, ({ repository, number }) =>
    repository.startsWith('forge:') ? undefined : `${repository.replace('https://', 'github:')}/${number}`,
  );
}

it.each<['read' | 'write', string[]]>([
  ['read', ['github:ada', 'github:bob']],
  ['write', ['github:ada', 'github:ada']],
  // Of another host: nobody knows whether they may.
  ['write', ['slack:T/U', 'local:ada']],
])('lets those who may %s: %j', async (right, people) => {
  await expect(open()(right, SECRET, people)).resolves.toBeUndefined();
});

it.each<['read' | 'write', string[]]>([
  ['read', ['github:ada', 'github:eve']],
  ['write', ['github:bob', 'github:ada']],
])('holds up all where one may not %s: %j', async (right, people) => {
  await expectFault(open()(right, SECRET, people), 'denied');
});

it('asks nobody where there is no such place', async () => {
  await expect(open()('write', 'forge://secret', ['github:eve'])).resolves.toBeUndefined();
});

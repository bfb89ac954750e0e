import { expect, it } from '@jest/globals';
import { Fault } from '@swe/domain';
import { expectFault } from '@swe/testing/contracts';
import type { DemandRight } from './demand-right';
import { pushStandingOf } from './push-standing';

it('holds a push to what all may whose words were taken up, whoever they are by then', async () => {
  let speakers: readonly string[] = [];
  const standing = pushStandingOf(
    {
      record: { isRepair: false },
      session: { id: 's1', requester: 'github:ada' },
      get speakers() {
        return speakers;
      },
      ports: { store: { load: async () => undefined } },
    },
    onlyAda,
  );
  await standing.demandPush('https://github.com/acme/shop');
  speakers = ['github:ada', 'github:eve'];
  await expectFault(standing.demandPush('https://github.com/acme/shop'), 'denied');
});

const onlyAda: DemandRight = async (right, repository, people) => {
  expect([right, repository]).toEqual(['write', 'https://github.com/acme/shop']);
  if (people.some((each) => each !== 'github:ada')) throw new Fault('denied', 'not for them');
};

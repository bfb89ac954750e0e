import { expect, it } from '@jest/globals';
import { eventBusContract, runContract } from '@swe/testing/contracts';
import { LoopbackBus } from './loopback-bus';

const UNBREAKABLE = 'within a process there is no connection that could break';

runContract(
  'LoopbackBus',
  eventBusContract,
  () => ({ subject: { bus: new LoopbackBus(), interrupt: async () => undefined } }),
  {
    'a connection that breaks comes back by itself, and hints are heard again': UNBREAKABLE,
    'every subscriber is told `away` after each break, once it is connected again': UNBREAKABLE,
  },
);

it('the error of a listener does not vanish', async () => {
  const bus = new LoopbackBus();
  await bus.subscribe('s1', () => {
    throw new Error('listener');
  });
  await expect(bus.publish('s1')).rejects.toThrow('listener');
});

import { expect, it } from '@jest/globals';
import { eventBusContract, runContract } from '@swe/testing/contracts';
import { LoopbackBus } from './loopback-bus';

runContract('LoopbackBus', eventBusContract, () => ({ subject: new LoopbackBus() }));

it('the error of a listener does not vanish', async () => {
  const bus = new LoopbackBus();
  await bus.subscribe('s1', () => {
    throw new Error('listener');
  });
  await expect(bus.publish('s1')).rejects.toThrow('listener');
});

import { expect, it } from '@jest/globals';
import { eventBusContract, runContract } from '@swe/testing/contracts';
import { LoopbackBus } from './loopback-bus';

runContract('LoopbackBus', eventBusContract, () => ({ subject: new LoopbackBus() }));

it('a listener that throws disturbs neither the publisher nor the other listeners', async () => {
  const errors: unknown[] = [];
  const bus = new LoopbackBus((error) => errors.push(error));
  let heard = 0;
  await bus.subscribe('s1', () => {
    throw new Error('listener');
  });
  await bus.subscribe('s1', () => (heard += 1));
  await bus.publish('s1');
  expect(heard).toBe(1);
  expect(errors).toHaveLength(1);
});

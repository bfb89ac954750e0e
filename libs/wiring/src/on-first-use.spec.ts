import { expect, it } from '@jest/globals';
import { onFirstUse } from './on-first-use';

class Counter {
  #count = 0;
  async add(by: number): Promise<number> {
    this.#count += by;
    return this.#count;
  }
  async fail(): Promise<never> {
    throw new Error('no');
  }
}

it('is opened once, when it is first asked', async () => {
  let opened = 0;
  const counter = onFirstUse<Pick<Counter, 'add' | 'fail'>>(async () => {
    opened += 1;
    return new Counter();
  });
  // Handing it on asks nothing.
  const same = await Promise.resolve(counter);
  expect(opened).toBe(0);
  expect(await Promise.all([same.add(2), counter.add(3)])).toEqual([2, 5]);
  await expect(counter.fail()).rejects.toThrow('no');
  expect(opened).toBe(1);
});

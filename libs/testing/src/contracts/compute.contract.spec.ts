import type { Compute } from '@swe/domain';
import { MemoryCompute } from '../memory/memory-compute';
import { openMemoryCompute } from '../memory/open-memory-compute';
import { computeContract } from './compute.contract';
import type { ComputeSubject } from './compute.contract';
import { override } from '../memory/override';
import { proveBites } from './run-contract';

function broken(changesOf: (compute: MemoryCompute) => Partial<Compute>) {
  return (): { subject: ComputeSubject } => {
    const compute = new MemoryCompute();
    const subject = openMemoryCompute(compute);
    return { subject: { ...subject, compute: override<Compute>(compute, changesOf(compute)) } };
  };
}

let made = 0;

proveBites('Compute', computeContract, {
  'two concurrent `ensure` of a session give one worker': broken((compute) => ({
    ensure: async (...args) => ({ ...(await compute.ensure(...args)), workerId: `w${(made += 1)}` }),
  })),
  '`ensure` of a later generation gives a new worker, which is the one described from then on': broken(
    (compute) => ({
      ensure: async (id, generation) => (await compute.describe(id)) ?? compute.ensure(id, generation),
    }),
  ),
  'a worker that ends by itself is seen `stopped`': broken((compute) => ({
    describe: async (id) => {
      const worker = await compute.describe(id);
      return worker && { ...worker, state: 'running' };
    },
  })),
  '`stop` ends a worker, and is harmless when it has ended': broken(() => ({ stop: async () => undefined })),
  'only workers this system started are listed, each once, page by page': broken((compute) => ({
    list: async (page) => ({ items: (await compute.list(page)).items }),
  })),
  '`confirmDead` ends what is left of a generation, and is true once none of it can act any more': broken(
    (compute) => ({
      confirmDead: async (id, generation) => (await compute.describe(id))?.generation !== generation,
    }),
  ),
  '`ensure` of a generation that was confirmed dead, or of one before it, is a `conflict` and starts nothing':
    broken((compute) => ({
      confirmDead: async (id) => {
        await compute.stop(`${id}.2`);
        return true;
      },
    })),
  '`terminate` forgets the worker': broken((compute) => ({ terminate: (id) => compute.stop(id) })),
  'no capacity is `transient`': broken((compute) => ({
    ensure: async (...args) => {
      compute.hasCapacity = true;
      return compute.ensure(...args);
    },
  })),
});

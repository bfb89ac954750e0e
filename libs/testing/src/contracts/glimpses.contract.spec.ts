import { EMPTY_GLIMPSE, Fault, isEmptyGlimpse } from '@swe/domain';
import type { Glimpses } from '@swe/domain';
import { MemoryGlimpses } from '../memory/memory-glimpses';
import { openMemoryGlimpses } from '../memory/open-memory-glimpses';
import { override } from '../memory/override';
import { glimpsesContract } from './glimpses.contract';
import type { GlimpsesSubject } from './glimpses.contract';
import { proveBites } from './run-contract';

function broken(changesOf: (glimpses: MemoryGlimpses) => Partial<Glimpses>) {
  return (): { subject: GlimpsesSubject } => {
    const glimpses = new MemoryGlimpses();
    return {
      subject: {
        ...openMemoryGlimpses(glimpses),
        glimpses: override<Glimpses>(glimpses, changesOf(glimpses)),
      },
    };
  };
}

proveBites('Glimpses', glimpsesContract, {
  'what was put last is got': broken((glimpses) => ({
    put: async (id, glimpse) => {
      if (isEmptyGlimpse(await glimpses.get(id))) await glimpses.put(id, glimpse);
    },
  })),
  'a session of which nothing was put has an empty one': broken(() => ({
    get: async () => {
      throw new Fault('missing', 'no glimpse');
    },
  })),
  'an empty one takes the place of what was put': broken((glimpses) => ({
    put: async (id, glimpse) => {
      if (!isEmptyGlimpse(glimpse)) await glimpses.put(id, glimpse);
    },
  })),
  'sessions have glimpses of their own': broken((glimpses) => ({
    put: (_id, glimpse) => glimpses.put('one for all', glimpse),
    get: () => glimpses.get('one for all'),
  })),
  'what can’t be kept or read is lost, and fails no call': broken((glimpses) => {
    let hasAny = false;
    return {
      put: async (id, glimpse) => {
        hasAny = true;
        await glimpses.put(id, glimpse);
      },
      get: async (id) => {
        const got = await glimpses.get(id);
        if (hasAny && got === EMPTY_GLIMPSE) throw new Fault('transient', 'the disk is full');
        return got;
      },
    };
  }),
});

import { setTimeout as sleep } from 'node:timers/promises';
import { openLoopbackOpenAi } from '@swe/testing/servers';
import { chanceOf } from '../chance';
import type { Chance } from '../chance';
import { finalWordsOf, nextTurn, viewOf } from './counting-job';
import type { CountingJob } from './counting-job';
import { runJobs } from './counting-jobs';
import { judgeReal, NO_REAL_VIOLATIONS } from './real-verdict';
import type { RealViolations } from './real-verdict';
import { RealTwin, signal } from './real-twin';

const STEPS = 8;
const ANSWER_MS = 250;
const LONGEST_MS = 180_000;
/** How long a session without anybody to serve it is waited for. */
const FORSAKEN_MS = 15_000;
const AT_ONCE = 5;
const LONGEST_FREEZE_MS = 25_000;

type Mishap = (twin: RealTwin, sessionId: string, chance: Chance) => Promise<boolean>;

/** Each says whether it met anybody. */
const MISHAPS: Readonly<Record<string, Mishap>> = {
  'worker and all its processes': async (twin, id) => twin.killAll(id) > 0,
  'worker alone, its commands live on': async (twin, id) => signal(twin.workerOf(id), 'SIGKILL'),
  manager: async (twin) => {
    await twin.killManager();
    await sleep(500);
    twin.startManager();
    return true;
  },
  'worker frozen': async (twin, id, chance) => {
    const pid = twin.workerOf(id);
    if (!signal(pid, 'SIGSTOP')) return false;
    await sleep(chance.integer(LONGEST_FREEZE_MS));
    signal(pid, 'SIGCONT');
    return true;
  },
};

export interface RealKills {
  readonly jobs: number;
  /** How often each mishap met somebody. */
  readonly met: Readonly<Record<string, number>>;
  readonly violations: RealViolations;
}

/** Jobs on the built product, each with one to three mishaps at random moments. Without a manager nobody comes after. */
export async function realKills(
  seed: number,
  jobs: number,
  { without }: { readonly without?: 'manager' } = {},
): Promise<RealKills> {
  const server = await openLoopbackOpenAi(async (request) => {
    await sleep(ANSWER_MS);
    return nextTurn(viewOf(request));
  });
  const twin = new RealTwin(server.url);
  const chance = chanceOf(seed);
  const met: Record<string, number> = {};
  const sessionIds: string[] = [];
  let violations = NO_REAL_VIOLATIONS;
  const expectedTree = twin.expectedTree({ number: 0, steps: STEPS });
  twin.startManager();
  try {
    await runJobs(jobs, AT_ONCE, STEPS, runJob);
    async function runJob(job: CountingJob): Promise<void> {
      const id = await twin.submit(job);
      sessionIds.push(id);
      if (without === 'manager') {
        await sleep(2_000 + chance.integer(2_000));
        await twin.killManager();
        twin.killAll(id);
        await twin.settles(id, FORSAKEN_MS);
      } else {
        for (let i = 0, count = 1 + chance.integer(3); i < count; i += 1) await haveMishap(id);
        await twin.settles(id, LONGEST_MS);
      }
      violations = await judgeReal(twin, { id, expectedTree, finalWords: finalWordsOf(job) }, violations);
      twin.killAll(id);
    }
    async function haveMishap(id: string): Promise<void> {
      await sleep(500 + chance.integer(3_500));
      const [first, ...others] = Object.entries(MISHAPS);
      if (first === undefined) return;
      const [name, happen] = chance.oneOf([first, ...others]);
      if (await happen(twin, id, chance)) met[name] = (met[name] ?? 0) + 1;
    }
  } finally {
    await twin.close(sessionIds);
    await server.close();
  }
  return { jobs, met, violations };
}

import { setTimeout as sleep } from 'node:timers/promises';
import { openLoopbackOpenAi } from '@swe/testing/servers';
import { chanceOf } from '../chance';
import { finalWordsOf, nextTurn, viewOf } from './counting-job';
import { RealTwin } from './real-twin';
import { judgeReal, NO_REAL_VIOLATIONS } from './real-verdict';
import type { RealViolations } from './real-verdict';

const STEPS = 10;
const ANSWER_MS = 150;
/** More often than this, and nothing gets done between two kills. */
const MOST_RUNS = 60;

export interface RealResumes {
  readonly jobs: number;
  readonly kills: number;
  readonly violations: RealViolations;
}

/** `swe run` killed with its whole process group, and resumed, again and again until there were `kills` of them. */
export async function realResumes(seed: number, kills: number): Promise<RealResumes> {
  const server = await openLoopbackOpenAi(async (request) => {
    await sleep(ANSWER_MS);
    return nextTurn(viewOf(request));
  });
  const chance = chanceOf(seed);
  let [jobs, killed] = [0, 0];
  let violations = NO_REAL_VIOLATIONS;
  try {
    while (killed < kills) violations = await runJob(violations);
  } finally {
    await server.close();
  }
  return { jobs, kills: killed, violations };

  async function runJob(before: RealViolations): Promise<RealViolations> {
    const twin = new RealTwin(server.url);
    const job = { number: (jobs += 1), steps: STEPS };
    let id: string | undefined;
    try {
      for (let runs = 0, isOver = false; !isOver && runs < MOST_RUNS; runs += 1) {
        const { group, ended } = twin.runInGroup(id === undefined ? twin.argumentsOf(job) : ['--resume', id]);
        const over = new AbortController();
        const exitCode = await Promise.race([
          ended,
          sleep(1_000 + chance.integer(2_000), 'alive' as const, { signal: over.signal }),
        ]);
        over.abort();
        isOver = exitCode === 0;
        if (exitCode === 'alive') {
          process.kill(-group, 'SIGKILL');
          await ended;
          killed += 1;
        }
        id ??= await twin.newestSession();
      }
      if (id === undefined) throw new Error('no session came about');
      const expectedTree = twin.expectedTree(job);
      return await judgeReal(twin, { id, expectedTree, finalWords: finalWordsOf(job) }, before);
    } finally {
      await twin.close(id === undefined ? [] : [id]);
    }
  }
}

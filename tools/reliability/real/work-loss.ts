import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openLoopbackOpenAi } from '@swe/testing/servers';
import { chanceOf } from '../chance';
import { finalWordsOf, nextTurn, viewOf } from './counting-job';
import type { CountingJob } from './counting-job';
import { runJobs } from './counting-jobs';
import { judgeReal, NO_REAL_VIOLATIONS } from './real-verdict';
import type { RealViolations } from './real-verdict';
import { RealTwin } from './real-twin';

const STEPS = 40;
const ANSWER_MS = 900;
const LONGEST_MS = 300_000;
const AT_ONCE = 5;
/** Work may be so old and not saved yet: the time between checkpoints, a step's, and that of taking one. */
const OLDEST_UNSAVED_MS = 20_000;

export interface WorkLoss {
  readonly jobs: number;
  readonly machinesLost: number;
  /** Steps that were done anew, since they were too young to be saved. */
  readonly stepsDoneAgain: number;
  readonly violations: RealViolations;
}

/** What is known of a job's working copy, by its number of steps. */
interface Progress {
  sessionId: string;
  readonly trees: Map<number, string>;
  readonly doneAtMs: Map<number, number>;
  lost: { readonly steps: number; readonly atMs: number } | undefined;
}

/**
 * Jobs on the built product whose machines are destroyed, processes and disk, once or twice each. At every model call
 * the working copy stands still: its tree is hashed then, and compared when a new machine has it back. Without
 * checkpoints off the machine, what was saved goes with the disk.
 */
export async function workLoss(
  seed: number,
  jobs: number,
  { without }: { readonly without?: 'checkpoints' } = {},
): Promise<WorkLoss> {
  const chance = chanceOf(seed);
  const progress = new Map<number, Progress>();
  const server = await openLoopbackOpenAi(async (request) => {
    const view = viewOf(request);
    look(progress.get(view.number), view.isNewMachine);
    await sleep(ANSWER_MS);
    return nextTurn(view);
  });
  const twin = new RealTwin(server.url);
  let machinesLost = 0;
  let stepsDoneAgain = 0;
  let violations = NO_REAL_VIOLATIONS;
  const sessionIds: string[] = [];
  const expectedTree = twin.expectedTree({ number: 0, steps: STEPS });
  twin.startManager();
  try {
    await runJobs(jobs, AT_ONCE, STEPS, runJob);
    async function runJob(job: CountingJob): Promise<void> {
      const known: Progress = { sessionId: '', trees: new Map(), doneAtMs: new Map(), lost: undefined };
      progress.set(job.number, known);
      known.sessionId = await twin.submit(job);
      const { sessionId: id } = known;
      sessionIds.push(id);
      for (let i = 0, count = 1 + chance.integer(2); i < count; i += 1) {
        await sleep(8_000 + chance.integer(25_000));
        if (twin.workerOf(id) === undefined) continue;
        machinesLost += 1;
        twin.destroyMachine(id);
        if (without === 'checkpoints') twin.destroyBlobs(id);
        known.lost = { steps: Math.max(0, ...known.doneAtMs.keys()), atMs: Date.now() };
        while (known.lost !== undefined && !(await twin.settles(id, 1_000))) await sleep(100);
      }
      await twin.settles(id, LONGEST_MS);
      violations = await judgeReal(twin, { id, expectedTree, finalWords: finalWordsOf(job) }, violations);
      twin.killAll(id);
    }
  } finally {
    await twin.close(sessionIds);
    await server.close();
  }
  return { jobs, machinesLost, stepsDoneAgain, violations };

  function look(known: Progress | undefined, isNewMachine: boolean): void {
    if (known === undefined || known.sessionId === '') return;
    const workingCopy = twin.workingCopyOf(known.sessionId);
    const steps = stepsIn(workingCopy);
    const tree = treeHash(workingCopy);
    if (known.lost !== undefined && isNewMachine) {
      const { steps: before, atMs } = known.lost;
      const gone = [...known.doneAtMs].filter(([step]) => step > steps && step <= before);
      const old = gone.filter(([, doneAtMs]) => doneAtMs < atMs - OLDEST_UNSAVED_MS);
      const isAsBefore = steps === 0 || known.trees.get(steps) === tree;
      stepsDoneAgain += gone.length;
      violations = {
        ...violations,
        stepsLost: violations.stepsLost + old.length,
        wrongRestores: violations.wrongRestores + (isAsBefore ? 0 : 1),
      };
      for (const [step] of gone) known.doneAtMs.delete(step);
      known.lost = undefined;
    }
    known.trees.set(steps, tree);
    if (steps > 0 && !known.doneAtMs.has(steps)) known.doneAtMs.set(steps, Date.now());
  }
}

function stepsIn(workingCopy: string): number {
  const folder = join(workingCopy, 'steps');
  return existsSync(folder) ? Math.max(0, ...readdirSync(folder).map(Number)) : 0;
}

/** Of every file's bytes, the index, and what the branch points to. */
function treeHash(workingCopy: string): string {
  if (!existsSync(join(workingCopy, '.git'))) return '';
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', workingCopy, ...args], { encoding: 'utf8' });
  const files = git('ls-files', '-z', '--cached', '--others').split('\0').filter(Boolean).sort();
  const hash = createHash('sha256').update(git('rev-parse', 'HEAD')).update(git('ls-files', '--stage'));
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(join(workingCopy, file)));
  return hash.digest('hex');
}

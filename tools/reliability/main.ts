import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deliveryFuzz } from './delivery-fuzz';
import { killSweep, MISHAPS, portCallsOfJob, waitSweep } from './kill-sweep';
import { PROTECTIONS, wakeTime } from './protection';
import { realKills } from './real/real-kills';
import { realResumes } from './real/real-resumes';
import { totalOfReal } from './real/real-verdict';
import { workLoss } from './real/work-loss';
import { MISHAP_WORDS, reportPage } from './report';
import type { Row } from './report';
import { isSlackKept, measureSlack, toothlessOfSlack } from './slack-report';
import { totalOf } from './verdict';

const SEED = Number(process.argv[2] ?? 1);
const MESSAGES = 10_000;
const MESSAGES_OF_A_CONTROL = 500;
const STRIDE_OF_A_CONTROL = 20;
const PAGE = 'docs/reliability.md';

const REAL_JOBS = 30;
const KILLS_OF_RUNS = 20;
const LOSS_JOBS = 10;
const JOBS_OF_A_CONTROL = 5;

/** What a frozen process had under way may double; nothing else may go wrong. */
const isKept = ({ violations }: Row): boolean => totalOf(violations) === violations.unavoidablyDoubled;
/** What its own protection alone prevents: the sweeps among the controls meet the same frozen posts. */
const isToothless = ({ violations }: Row): boolean => totalOf(violations) === violations.unavoidablyDoubled;

async function main(): Promise<void> {
  const promised: Row[] = [];
  const controls: Row[] = [];
  const add = (rows: Row[], row: Row): void => {
    rows.push(row);
    console.log(`${row.name}: ${row.trials}, ${JSON.stringify(row.violations)}`);
  };

  for (const mishap of MISHAPS) {
    const { trials, violations } = await killSweep([mishap]);
    add(promised, { name: MISHAP_WORDS[mishap], trials: `${trials} jobs`, violations });
  }
  for (const mishap of MISHAPS) {
    const { trials, violations } = await waitSweep([mishap]);
    add(promised, { name: `waiting, ${MISHAP_WORDS[mishap]}`, trials: `${trials} jobs`, violations });
  }
  const { messages, worlds, mishaps, violations } = await deliveryFuzz(SEED, MESSAGES);
  const trials = `${messages} messages in ${worlds} worlds, ${mishaps} deaths`;
  add(promised, { name: 'delivery fuzz', trials, violations });

  for (const without of Object.values(PROTECTIONS)) {
    const sweep = await killSweep(MISHAPS, { without });
    const [name, jobs] = [`not: ${without.name}`, `${sweep.trials} jobs`];
    add(controls, { name, trials: jobs, violations: sweep.violations });
  }
  const asleep = await waitSweep(['before'], { stride: STRIDE_OF_A_CONTROL, without: wakeTime });
  add(controls, {
    name: `waiting, not: ${wakeTime.name}`,
    trials: `${asleep.trials} jobs`,
    violations: asleep.violations,
  });
  for (const without of [PROTECTIONS.identity, PROTECTIONS.sweeping]) {
    const fuzz = await deliveryFuzz(SEED, MESSAGES_OF_A_CONTROL, without);
    const name = `fuzz, not: ${without.name}`;
    add(controls, { name, trials: `${fuzz.messages} messages`, violations: fuzz.violations });
  }

  const slack = await measureSlack(SEED);
  console.log(`Slack: ${JSON.stringify(slack)}`);

  const kills = await realKills(SEED, REAL_JOBS);
  console.log(`real kills: ${JSON.stringify(kills)}`);
  const forsaken = await realKills(SEED, JOBS_OF_A_CONTROL, { without: 'manager' });
  console.log(`without a manager: ${JSON.stringify(forsaken)}`);
  const resumes = await realResumes(SEED, KILLS_OF_RUNS);
  console.log(`resumes: ${JSON.stringify(resumes)}`);
  const loss = await workLoss(SEED, LOSS_JOBS);
  console.log(`work loss: ${JSON.stringify(loss)}`);
  const unsaved = await workLoss(SEED, JOBS_OF_A_CONTROL, { without: 'checkpoints' });
  console.log(`without checkpoints: ${JSON.stringify(unsaved)}`);

  const portCalls = (await portCallsOfJob()).length;
  const real = { kills, forsaken, resumes, loss, unsaved };
  const page = reportPage({ seed: SEED, portCalls, promised, controls, slack, real });
  writeFileSync(join(import.meta.dirname, '..', '..', PAGE), page);
  const broken =
    promised.filter((row) => !isKept(row)).length +
    (isSlackKept(slack) ? 0 : 1) +
    [kills, resumes, loss].filter(({ violations }) => totalOfReal(violations) > 0).length;
  const toothless =
    controls.filter(isToothless).length +
    toothlessOfSlack(slack) +
    [forsaken, unsaved].filter(({ violations }) => totalOfReal(violations) === 0).length;
  console.log(`${PAGE} written; ${broken} promises broken, ${toothless} controls that show nothing`);
  process.exitCode = broken + toothless > 0 ? 1 : 0;
}

void main();

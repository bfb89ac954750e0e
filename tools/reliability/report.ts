import { markdownTable } from './markdown-table';
import type { Mishap } from './simulated-process';
import { slackTable } from './slack-report';
import type { SlackReport } from './slack-report';
import type { RealKills } from './real/real-kills';
import type { RealResumes } from './real/real-resumes';
import type { RealViolations } from './real/real-verdict';
import type { WorkLoss } from './real/work-loss';
import type { Violations } from './verdict';

/** One line of the table: so many trials of a kind, and what went wrong in them. */
export interface Row {
  readonly name: string;
  readonly trials: string;
  readonly violations: Violations;
}

export interface Report {
  readonly seed: number;
  readonly portCalls: number;
  /** Sweeps and fuzz with every protection on. */
  readonly promised: readonly Row[];
  /** The same with exactly one off. */
  readonly controls: readonly Row[];
  readonly slack: SlackReport;
  /** Runs of the built product, and their controls. */
  readonly real: {
    readonly kills: RealKills;
    readonly forsaken: RealKills;
    readonly resumes: RealResumes;
    readonly loss: WorkLoss;
    readonly unsaved: WorkLoss;
  };
}

export const MISHAP_WORDS: Readonly<Record<Mishap, string>> = {
  before: 'process dies just before the call',
  after: 'process dies just after the call',
  'in-flight': 'process dies, the call is carried out two seconds later',
  lost: 'process dies, and its machine with its disk',
  freeze: 'process freezes, is taken for dead, goes on while its successor works',
};

const COLUMNS = [
  ['messages without outcome', 'withoutOutcome'],
  ['with two', 'withTwoOutcomes'],
  ['answers not seen', 'unseenAnswers'],
  ['effects doubled', 'effectsDoubled'],
  ['doubled where that cannot be avoided', 'unavoidablyDoubled'],
  ['transcripts refused', 'transcriptsRefused'],
  ['zombie writes accepted', 'zombieWrites'],
  ['steps of work lost', 'stepsLost'],
  ['wrong trees', 'wrongTrees'],
  ['calls whose money is not settled', 'callsUnsettled'],
] as const satisfies readonly (readonly [string, keyof Violations])[];

const REAL_COLUMNS = [
  ['messages without outcome', 'withoutOutcome'],
  ['not answered exactly once', 'notAnsweredOnce'],
  ['posts doubled', 'postsDoubled'],
  ['not one pull request with the right tree', 'wrongTrees'],
  ['steps of work lost', 'stepsLost'],
  ['trees that came back different', 'wrongRestores'],
] as const satisfies readonly (readonly [string, keyof RealViolations])[];

/** The page with the figures, in Markdown. */
export function reportPage({ seed, portCalls, promised, controls, slack, real }: Report): string {
  return `# Reliability

What happens to messages, effects, transcripts and work when processes die and machines are lost. Made by \`npm run reliability\` with seed ${seed}, in about ten minutes. The simulated figures are the same for the same seed; what real processes are doing when they are hit is not. A short run is part of \`npm test\`. What went wrong in other systems, failure by failure, is in [failures.md](failures.md).

## How it is measured

**Simulated.** The whole system runs in one event loop on virtual time: ingress, worker manager and agent as simulated processes, with the real application code over memory adapters that keep the ports' contracts. Every port call of a process is a place where it can die or freeze; what it asked of the outside stays done, and a request that was on its way arrives; only what ran on its machine ends with it, before a successor starts. A dead ingress or manager is started again, a sender repeats what nobody acknowledged, a dead agent is the manager's to replace.

- *Kill sweep.* One job from the message to the pull request and the machine asleep makes ${portCalls} port calls. Each of them is hit once by each mishap. The same for a job that then waits for checks of eight minutes, from its first look at them on: its machine sleeps meanwhile.
- *Delivery fuzz.* Worlds of people who write to one to three sessions: delayed, out of order, delivered twice, edited, deleted, 30 % of the hints lost, up to five deaths in each world.
- *Slack event sequences.* Small histories of a workspace: mentions, replies, words for others, direct messages, files, commands (also of another thread's session, \`take_over\` among them), slash commands, clicks, edits, deletions, by people who may and who may not, by guests and people of another organisation, and by programs that are let in and that are not. They are told in signed requests: in pairs, again, much later, in another order, while the ingress dies before or after its write and the agent's own session runner admits and answers; forged, outdated and predated requests come in between. What has to become of each message is said by an oracle that knows only what was said and in which order it arrived.

**Real.** The built product: \`swe up\`, its workers, SQLite, git, files, and a model server on loopback that counts by what the conversation says. Processes get SIGKILL and SIGSTOP at random moments; machines lose their disk.

- *Kills.* Each job has one to three mishaps: the worker with all its processes, the worker alone while its commands live on, the manager, or a worker frozen for up to 25 seconds.
- *Resumes.* \`swe run\` killed with its process group by \`kill -9\`, and \`swe run --resume\`, again and again until the job is done.
- *Work loss.* Jobs of 40 steps, each of which changes the tree. While the model thinks the working copy stands still; its files, index and commit are hashed then, and compared when a new machine has them back. A checkpoint is at most 15 seconds old, so a step counts as lost when it was done more than 20 seconds before.

**Controls.** The same trials with exactly one protection off. A check that cannot fail proves nothing.

## Simulated, with every protection on

${table(promised)}

A frozen process whose post is under way when it is taken for dead posts it when it goes on: a chat offers no way to take it back, and looking up before acting is not atomic. That is why a successor starts only once the machine before is known to be dead; the row of frozen processes is the case where that knowledge is wrong, and what doubles there has a column of its own.

## Simulated, with one protection off

${table(controls)}

## Slack event sequences, and with one protection off

${slackTable(slack)}

## Real processes

${realTable(real)}

The kills met: ${metWords(real.kills.met)}. In the work-loss runs ${real.loss.machinesLost} machines were lost; ${real.loss.stepsDoneAgain} steps were too young to be saved and were done again.

## What these figures do not say

- In the simulation memory adapters stand for the store. That SQLite and DynamoDB keep the same contracts is shown by their own tests; the real runs are on SQLite. A sample of the kill sweep also runs on the DynamoDB adapter, in \`npm run test:emulators\`.
- A real worker that is frozen too long is killed by the manager before its successor starts, as on EC2. What happens when that knowledge is wrong, only the simulation shows.
- The models are scripts that do one kind of job each. What a model does with an interrupted call, or with the note that work is lost, is its own affair; that it is told is not.
- In the Slack event sequences agents do not die, which the sweep and the delivery fuzz are for. Order counts there as it arrives: a reply without a mention that overtakes the mention it answers is taken for words to others, and a deletion that overtakes its message, or an edit without a mention that does, changes nothing unless it is sent again. Where a thread may have gone on with another one's session, the oracle is sure only of what an admin took over into a new thread.
- Nothing here ran on AWS.
`;
}

function realTable({ kills, forsaken, resumes, loss, unsaved }: Report['real']): string {
  const rows: readonly (readonly [string, string, RealViolations])[] = [
    ['kills', `${kills.jobs} jobs, ${sumOf(kills.met)} mishaps`, kills.violations],
    ['not: somebody comes after the dead', `${forsaken.jobs} jobs`, forsaken.violations],
    ['resumes', `${resumes.jobs} jobs, ${resumes.kills} kills`, resumes.violations],
    ['work loss', `${loss.jobs} jobs, ${loss.machinesLost} machines`, loss.violations],
    [
      'not: the work is saved off its machine',
      `${unsaved.jobs} jobs, ${unsaved.machinesLost} machines`,
      unsaved.violations,
    ],
  ];
  return markdownTable(
    ['', 'trials', ...REAL_COLUMNS.map(([name]) => name)],
    rows.map(([name, trials, violations]) => [
      name,
      trials,
      ...REAL_COLUMNS.map(([, key]) => String(violations[key])),
    ]),
  );
}

const sumOf = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

function metWords(met: Readonly<Record<string, number>>): string {
  return Object.entries(met)
    .map(([name, count]) => `${name} (${count})`)
    .join('; ');
}

function table(rows: readonly Row[]): string {
  return markdownTable(
    ['', 'trials', ...COLUMNS.map(([name]) => name)],
    rows.map(({ name, trials, violations }) => [
      name,
      trials,
      ...COLUMNS.map(([, key]) => String(violations[key])),
    ]),
  );
}

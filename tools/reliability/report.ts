import type { Mishap } from './simulated-process';
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
  ['transcripts refused', 'transcriptsRefused'],
  ['zombie writes accepted', 'zombieWrites'],
] as const satisfies readonly (readonly [string, keyof Violations])[];

/** The page with the figures, in Markdown. */
export function reportPage({ seed, portCalls, promised, controls }: Report): string {
  return `# Reliability

What happens to messages, effects and transcripts when processes die. Made by \`npm run reliability\` with seed ${seed}; the same seed gives the same figures. A short run is part of \`npm test\`.

## How it is measured

The whole system runs in one event loop on virtual time: ingress, worker manager and agent as simulated processes, with the real application code over memory adapters that keep the ports' contracts. Every port call of a process is a place where it can die or freeze; what it asked of the outside stays done. A dead ingress or manager is started again, a sender repeats what nobody acknowledged, a dead agent is the manager's to replace.

- **Kill sweep.** One job from the message to the pull request and the machine asleep makes ${portCalls} port calls. Each of them is hit once by each mishap.
- **Delivery fuzz.** Worlds of people who write to one to three sessions: delayed, out of order, delivered twice, edited, deleted, 30 % of the hints lost, up to five deaths in each world.
- **Controls.** The same trials with exactly one protection off. A check that cannot fail proves nothing.

## With every protection on

${table(promised)}

A frozen process whose post is under way when it is taken for dead posts it when it goes on: a chat offers no way to take it back, and looking up before acting is not atomic. That is why a successor starts only once the machine before is known to be dead; the last row is the case where that knowledge is wrong.

## With one protection off

${table(controls)}

## What these figures do not say

- Memory adapters stand for the store here. That SQLite keeps the same contracts, with several processes and kill -9 in the middle of a write, is shown by its own tests; the sweep does not run on it.
- Processes are simulated. Runs with real processes, SIGKILL and SIGSTOP are not part of this page yet, nor is work lost with a machine's disk.
- The model is a script that does one kind of job. What a model does with an interrupted call is its own affair; that it is told is not.
`;
}

function table(rows: readonly Row[]): string {
  const heads = ['', 'trials', ...COLUMNS.map(([name]) => name)];
  const lines = rows.map(({ name, trials, violations }) => [
    name,
    trials,
    ...COLUMNS.map(([, key]) => String(violations[key])),
  ]);
  const rule = heads.map((_head, i) => (i === 0 ? '---' : '---:'));
  return [heads, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

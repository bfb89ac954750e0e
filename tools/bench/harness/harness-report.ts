import { figuresOf } from '../figures';
import type { PolicyRow } from '../../prompt-cache/compare-policies';
import { STEPS_OF_A_TURN } from './measure';
import type { Course, Pair } from './measure';

/** Steps around the one that a figure is named after. */
export const WINDOWS = [
  { step: 10, from: 6, to: 15 },
  { step: 100, from: 86, to: 115 },
  { step: 498, from: 469, to: 498 },
] as const;

export interface SubjectFigures {
  /** From an answer to the next request: the least and the median. */
  readonly stepMs: { readonly min: number; readonly median: number };
  /** Processor time of the process itself, per step, from the first request to here. */
  readonly cpuMsPerStep: number;
  readonly peakResidentMb: number;
  readonly requestBytes: number;
}

export interface StepRow {
  readonly step: number;
  readonly agent: SubjectFigures;
  readonly bare: SubjectFigures;
  /** Of the medians: one waits while the other works. */
  readonly ratio: number;
  /** Of the least. */
  readonly leastRatio: number;
}

export interface StartFigures {
  readonly agentMs: number;
  readonly bareMs: number;
  readonly ratio: number;
}

export interface HarnessFigures {
  readonly machine: string;
  readonly rounds: number;
  readonly load: number;
  readonly steps: readonly StepRow[];
  readonly shutInSteps: readonly StepRow[];
  readonly start: StartFigures;
  readonly baseRequestBytes: number;
  readonly policies: readonly PolicyRow[];
}

/** What rounds of pairs come to, at each window that they reached. */
export function stepRows(pairs: readonly Pair[]): readonly StepRow[] {
  const reached = Math.min(...pairs.map(({ agent }) => agent.stepMs.length));
  return WINDOWS.filter(({ to }) => to <= reached).map((window) => {
    const agent = subjectFigures(
      pairs.map((pair) => pair.agent),
      window,
    );
    const bare = subjectFigures(
      pairs.map((pair) => pair.bare),
      window,
    );
    const [ours, theirs] = [agent.stepMs, bare.stepMs];
    return {
      step: window.step,
      agent,
      bare,
      ratio: ours.median / theirs.median,
      leastRatio: ours.min / theirs.min,
    };
  });
}

export function startFigures(pairs: readonly Pair[]): StartFigures {
  const median = (of: (pair: Pair) => number): number => figuresOf(pairs.map(of)).median;
  const [agentMs, bareMs] = [
    median(({ agent }) => agent.firstRequestMs),
    median(({ bare }) => bare.firstRequestMs),
  ];
  return { agentMs, bareMs, ratio: agentMs / bareMs };
}

function subjectFigures(
  courses: readonly Course[],
  { step, from, to }: (typeof WINDOWS)[number],
): SubjectFigures {
  const [first] = courses;
  const used = courses.flatMap(({ figures }) => figures.get(step) ?? []);
  return {
    stepMs: figuresOf(courses.flatMap(({ stepMs }) => stepMs.slice(from - 1, to))),
    cpuMsPerStep: figuresOf(used.map(({ cpuMs, steps }) => cpuMs / steps)).median,
    peakResidentMb: figuresOf(used.map(({ peakResidentMb }) => peakResidentMb)).median,
    requestBytes: first?.bytes[step - 1] ?? NaN,
  };
}

/** `docs/performance.md`. */
export function performancePage(figures: HarnessFigures): string {
  const { machine, rounds, load, steps, shutInSteps, start, baseRequestBytes, policies } = figures;
  const [tenth, last] = [steps[0], steps.at(-1)];
  const growth = (of: 'agent' | 'bare'): string =>
    ((last?.[of].stepMs.median ?? NaN) / (tenth?.[of].stepMs.median ?? NaN)).toFixed(2);
  return `# What the harness takes

Made by \`npm run bench\`, which writes the same as \`docs/performance.json\`. What a model takes is thousands of times more.

The agent is the built \`swe run\` with a store on a disk that is flushed, and real processes. The bare loop asks by the same SDK with the same requests, of the same growing conversation, and runs the same commands; it stores nothing, limits nothing and shows nothing. Both are bundled alike; the agent is run with the flags that the \`swe\` command has (\`tools/node-options.mjs\`), the loop with Node's own. They ask a server on this machine which answers in the vendor's bytes over one kept connection. They go step by step in turns, one waiting while the other works, so that whatever else the machine does meets both; ratios are of one such run. A step is from an answer to the next request: a command that prints nothing is run in it.

## A step

| step | request | agent: least, median | bare loop: least, median | median, against the loop | least, against the loop | agent's processor time | loop's |
| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
${steps.map(stepLine).join('\n')}

Every ${STEPS_OF_A_TURN} steps the agent's turn ends, and a new process goes on. From step 10 to step ${last?.step ?? ''} a step takes the agent ${growth('agent')} times as long, and the loop ${growth('bare')} times: requests grow.

With its commands shut in by bubblewrap, which the loop's are not:

| step | request | agent: least, median | bare loop: least, median | median, against the loop | least, against the loop | agent's processor time | loop's |
| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
${shutInSteps.map(stepLine).join('\n')}

A step waits for the store twice, however long the session is: the reservation of a model call and its journal entry are stored at once, and so are its answer and what it cost. A test without a clock holds that (\`libs/application/src/store-round-trips.scenario.spec.ts\`).

## Memory

Resident at most, in MB, until that step.

| step | agent | bare loop |
| ---: | ---: | ---: |
${steps.map(({ step, agent, bare }) => `| ${step} | ${agent.peakResidentMb.toFixed(0)} | ${bare.peakResidentMb.toFixed(0)} |`).join('\n')}

## Start-up

From the start of the process to its first request: the agent ${start.agentMs.toFixed(0)} ms, the bare loop ${start.bareMs.toFixed(0)} ms, ${start.ratio.toFixed(1)} times as long. \`swe run\` brings the repository in, opens its stores and takes the session's lease before it.

## Requests and what they cost

The first request has ${(baseRequestBytes / 1000).toFixed(1)} kB: the prompt and all tools. A session of 240 steps, every request by its bytes, with the vendor's prompt cache simulated (\`tools/prompt-cache\`); cost in thousands of tokens at the base price of input:

| | requests | cost | read from the cache |
| --- | ---: | ---: | ---: |
${policies.map(({ policy, requestMegabytes, baseKiloTokens, readShare }) => `| ${policy === 'compaction' ? 'as it is' : policy} | ${requestMegabytes.toFixed(1)} MB | ${baseKiloTokens.toLocaleString('en')} | ${(readShare * 100).toFixed(0)} % |`).join('\n')}

## Aims, and what was reached

| | aim | reached |
| --- | ---: | ---: |
| a step at step 100, against the loop: by the median, by the least | 1.2 | ${ratiosAt(steps, 100)} |
| step ${last?.step ?? ''} against step 10 | 1.3 | ${growth('agent')} |
| awaited round trips to the store in a step | 2 | 2 |
| first request, against the loop's | 1.5 | ${start.ratio.toFixed(1)} |
| resident memory | 120 MB | ${tenth?.agent.peakResidentMb.toFixed(0)} MB at step 10, ${last?.agent.peakResidentMb.toFixed(0)} MB at step ${last?.step ?? ''} |

Where the rest of a step goes: two flushes of the journal, which nothing may go ahead of, and which alone are a sixth of the loop's step; a spool file and a scratch folder for each command, and a look for what it left behind; the collecting of a heap that is kept small, which is also why a step grows; what is shown of it; and code that is compiled as it is used, of which the agent runs more than the loop. On a loaded machine every one of these waits is for a turn on a processor too. At the start it is the stores, the repository with git's processes, and more code to load.

## The machine

${machine}. ${rounds} rounds, with a load of ${load.toFixed(1)} on it at the end: times are this machine's and this moment's, the ratios less so.
`;
}

function stepLine({ step, agent, bare, ratio, leastRatio }: StepRow): string {
  const times = ({ stepMs: { min, median } }: SubjectFigures): string =>
    `${min.toFixed(1)} ms, ${median.toFixed(1)} ms`;
  const size = (agent.requestBytes / 1000).toFixed(0);
  const cpu = [agent, bare].map(({ cpuMsPerStep }) => `${cpuMsPerStep.toFixed(1)} ms`).join(' | ');
  return `| ${step} | ${size} kB | ${times(agent)} | ${times(bare)} | ${ratio.toFixed(2)} | ${leastRatio.toFixed(2)} | ${cpu} |`;
}

function ratiosAt(rows: readonly StepRow[], step: number): string {
  const row = rows.find((each) => each.step === step);
  return row === undefined ? 'not measured' : `${row.ratio.toFixed(2)}, ${row.leastRatio.toFixed(2)}`;
}

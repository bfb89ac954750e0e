import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoopbackAnswer } from '@swe/testing/servers';
import { readBaseRequest } from './base-request';
import type { BenchMachine } from './machine';
import type { ProcessFigures } from './process-figures';
import { openSubject } from './subject';
import type { Request, Subject } from './subject';

/** What a subject's process has used since it first asked, in so many steps. */
export interface CourseFigures extends Pick<ProcessFigures, 'cpuMs' | 'peakResidentMb'> {
  readonly steps: number;
}

/** What one subject did in one run. */
export interface Course {
  readonly firstRequestMs: number;
  readonly firstRequestBytes: number;
  /** From an answer to the next request, by the step. */
  readonly stepMs: readonly number[];
  readonly bytes: readonly number[];
  readonly connections: number;
  /** At the end of a step, by its number. */
  readonly figures: ReadonlyMap<number, CourseFigures>;
}

export interface Pair {
  readonly agent: Course;
  readonly bare: Course;
}

/** A turn of the agent has one more at most, its last words; then its person says that it go on, to a new process. */
export const STEPS_OF_A_TURN = 249;

const stepAnswer = (step: number): LoopbackAnswer => ({
  say: `Step ${step} comes next.`,
  // Never the same twice: who does that is told that it goes round.
  calls: [{ id: `toolu_${step}`, name: 'bash', input: { command: `true ${step}` } }],
});

/** Has the agent take two steps, and writes to a file what its requests are, for the loop to send the same. */
export async function recordBase(machine: BenchMachine): Promise<string> {
  const agent = await openSubject(machine.agent('recorded', { isShutIn: false }));
  try {
    await agent.start(true);
    const base = readBaseRequest((await agent.answer(stepAnswer(1))).body());
    await agent.finish();
    const path = join(machine.folder, 'base.json');
    writeFileSync(path, JSON.stringify(base));
    return path;
  } finally {
    await agent.close();
  }
}

/**
 * Runs the agent and the loop step by step in turns, one waiting while the other works, so that whatever else the machine
 * does meets both.
 */
export async function measurePair(
  machine: BenchMachine,
  {
    name,
    steps,
    marks,
    basePath,
    isShutIn,
  }: {
    readonly name: string;
    readonly steps: number;
    /** Steps after which processes are looked at. */
    readonly marks: readonly number[];
    readonly basePath: string;
    readonly isShutIn: boolean;
  },
): Promise<Pair> {
  const agent = openLane(await openSubject(machine.agent(name, { isShutIn })));
  const bare = openLane(await openSubject(machine.bareLoop(basePath)));
  try {
    for (const lane of [bare, agent]) await lane.begin();
    for (let step = 1; step <= steps; step += 1) {
      for (const lane of step % 2 === 0 ? [agent, bare] : [bare, agent]) await lane.step(step);
      if (step % STEPS_OF_A_TURN === 0 && step < steps) await agent.goOn(step);
      if (marks.includes(step)) for (const lane of [agent, bare]) lane.look(step);
    }
    for (const lane of [agent, bare]) await lane.subject.finish();
    return { agent: agent.course(), bare: bare.course() };
  } finally {
    await agent.subject.close();
    await bare.subject.close();
  }
}

function openLane(subject: Subject) {
  const requests: Request[] = [];
  const figures = new Map<number, CourseFigures>();
  let since = { step: 0, cpuMs: 0 };
  return {
    subject,
    async begin() {
      requests.push(await subject.start(true));
      since = { step: 0, cpuMs: subject.figures().cpuMs };
    },
    async step(step: number) {
      requests.push(await subject.answer(stepAnswer(step)));
    },
    async goOn(step: number) {
      await subject.finish();
      await subject.start(false);
      since = { step, cpuMs: subject.figures().cpuMs };
    },
    look(step: number): void {
      const { cpuMs, peakResidentMb } = subject.figures();
      figures.set(step, { cpuMs: cpuMs - since.cpuMs, steps: step - since.step, peakResidentMb });
    },
    course(): Course {
      const [first, ...steps] = requests;
      return {
        firstRequestMs: first?.afterMs ?? NaN,
        firstRequestBytes: first?.bytes ?? NaN,
        stepMs: steps.map(({ afterMs }) => afterMs),
        bytes: steps.map((each) => each.bytes),
        connections: requests.at(-1)?.connections ?? 0,
        figures,
      };
    },
  };
}

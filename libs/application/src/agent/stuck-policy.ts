import type { CourseStep, TurnCourse } from '@swe/domain';

/** What to do about a turn that leads nowhere: tell the model, ask the person, or end it. */
export type StuckDecision =
  { readonly do: 'go-on' } | { readonly do: 'nudge'; readonly what: string } | StuckEnd;

export interface StuckEnd {
  readonly do: 'ask' | 'stop';
  /** In words. */
  readonly what: string;
}

export interface StuckLimits {
  /** Times in a row that the same is done, with the same result, before the model is told. */
  readonly nudgeAtRepeats: number;
  /** And before the person is asked. */
  readonly askAtRepeats: number;
  /** Both of those that only wait count so many times more. */
  readonly patienceWithWaiting: number;
  /** Steps in a row that only talk. */
  readonly maxTalkingSteps: number;
  /** Steps that a nudge is given to show. */
  readonly stepsAfterNudge: number;
}

export const DEFAULT_STUCK_LIMITS: StuckLimits = {
  nudgeAtRepeats: 3,
  askAtRepeats: 6,
  patienceWithWaiting: 5,
  maxTalkingSteps: 8,
  stepsAfterNudge: 8,
};

/** Longest round that is seen: this many different steps, over and over. */
const LONGEST_ROUND = 5;
const WAITING_TOOLS: ReadonlySet<string> = new Set(['process_output', 'wait_for_checks']);
const TALKING_TOOLS: ReadonlySet<string> = new Set(['report_progress', 'todo']);

/**
 * Whether a turn goes round: the same step with the same result again and again, the same few steps by turns, or nothing
 * but talk. The model is told first; what goes on all the same is put to the person; what they were asked about and
 * still comes back ends the turn.
 */
export function stuckDecision(course: TurnCourse, limits: StuckLimits = DEFAULT_STUCK_LIMITS): StuckDecision {
  const round = longestRound(course.steps);
  const patience = round.isWaiting ? limits.patienceWithWaiting : 1;
  const talking = talkingSteps(course.steps);
  const isRound = round.repeats >= limits.nudgeAtRepeats * patience;
  if (!isRound && talking < limits.maxTalkingSteps) return { do: 'go-on' };

  const what = isRound ? roundWords(round) : `${talking} steps in a row did nothing but report`;
  if (round.prints.some((print) => course.askedAbout.has(print))) return { do: 'stop', what };
  const isPastAll = isRound
    ? round.repeats >= limits.askAtRepeats * patience
    : talking >= 2 * limits.maxTalkingSteps;
  if (isPastAll) return { do: 'ask', what };
  const { stepsSinceNudge } = course;
  const isToldAlready = stepsSinceNudge !== undefined && stepsSinceNudge < limits.stepsAfterNudge * patience;
  return isToldAlready ? { do: 'go-on' } : { do: 'nudge', what };
}

interface Round {
  /** Of one time round. */
  readonly prints: readonly string[];
  readonly tools: readonly string[];
  readonly repeats: number;
  readonly isWaiting: boolean;
}

/** The round that the last steps are, repeated most. */
function longestRound(steps: readonly CourseStep[]): Round {
  const rounds = Array.from({ length: LONGEST_ROUND }, (_, i) => roundOf(steps, i + 1));
  return rounds.reduce((best, round) => (round.repeats > best.repeats ? round : best));
}

function roundOf(steps: readonly CourseStep[], length: number): Round {
  const last = steps.slice(-length);
  const tools = last.flatMap((step) => step.tools);
  let repeats = 0;
  const isSame = (n: number): boolean =>
    last.every(({ print }, i) => steps[steps.length - length * (n + 1) + i]?.print === print);
  while (last.length === length && isSame(repeats)) repeats += 1;
  return {
    prints: last.map(({ print }) => print),
    tools,
    repeats,
    isWaiting:
      last.some(({ sleeps }) => sleeps) ||
      (tools.length > 0 && tools.every((name) => WAITING_TOOLS.has(name))),
  };
}

function talkingSteps(steps: readonly CourseStep[]): number {
  const lastWork = steps.findLastIndex(({ tools }) => !tools.every((name) => TALKING_TOOLS.has(name)));
  return steps.length - 1 - lastWork;
}

function roundWords({ prints, tools, repeats }: Round): string {
  const names = [...new Set(tools)].join(', ');
  return prints.length === 1
    ? `the same call of ${names} gave the same result ${repeats} times in a row`
    : `the same ${prints.length} steps (${names}) gave the same results ${repeats} times over`;
}

/** What the model is told first. */
export function nudgeNote(what: string): string {
  return `You seem to go round in circles: ${what}. Doing it again will give the same. Look at what you assume, try another way, or ask the person with ask_user.`;
}

/** Answers without a word before that is what the person gets. */
const EMPTY_ANSWERS = 2;

export const EMPTY_ANSWER_NOTE =
  'You ended your turn without a word. Go on with the work, or say what was done and what is open.';

export function isWorthAskingAgain({ emptyAnswers }: TurnCourse): boolean {
  return emptyAnswers > 0 && emptyAnswers <= EMPTY_ANSWERS;
}

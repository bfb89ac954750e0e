import { lastResults, readConversation, wordsOfUser } from '@swe/testing/servers';
import type { LoopbackAnswer, LoopbackCall, LoopbackRequest, LoopbackTurn, Part } from '@swe/testing/servers';

/** A job of so many steps, each of which changes the tree, and every fifth of which commits. */
export interface CountingJob {
  readonly number: number;
  readonly steps: number;
}

const STEPS_PER_COMMIT = 5;
/** More than this, and the job goes round in circles. */
const MOST_CALLS = 500;

export const taskOf = ({ number, steps }: CountingJob): string => `Count to ${steps}. (job ${number})`;
export const finalWordsOf = ({ number, steps }: CountingJob): string => `Job ${number} counted to ${steps}.`;

/** What a job leaves in its pull request, beside what was there. */
export function filesOf({ steps }: CountingJob): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from({ length: steps }, (_, i) => [`steps/${i + 1}`, `${i + 1}\n`]));
}

export interface JobView {
  readonly number: number;
  readonly steps: number;
  readonly conversation: readonly Part[];
  /** The model has just been told that this is another machine. */
  readonly isNewMachine: boolean;
}

/** Which job a model is asked about, and what it was told last. Throws when it is none of ours. */
export function viewOf(request: LoopbackRequest): JobView {
  const conversation = readConversation(request);
  const words = wordsOfUser(conversation);
  const task = words.flatMap((each) => /Count to (\d+)\. \(job (\d+)\)/.exec(each) ?? []);
  const lastCall = conversation.findLastIndex(({ kind }) => kind === 'call');
  const since = wordsOfUser(conversation.slice(lastCall + 1));
  return {
    number: Number(task[2]),
    steps: Number(task[1]),
    conversation,
    isNewMachine: since.some((each) => each.includes('This is a new machine')),
  };
}

/**
 * What the model does next: it counts on from what it was told last, and looks where it stands when it was told of
 * trouble. It has no memory of its own, so whoever asks it, and however often, gets the same answer.
 */
export function nextTurn({ number, steps, conversation, isNewMachine }: JobView): LoopbackTurn {
  const calls = conversation.filter(({ kind }) => kind === 'call');
  if (calls.length > MOST_CALLS) {
    return { status: 400, error: { type: 'invalid_request_error', message: 'this job does not end' } };
  }
  const repository = /Repository: (\S+)/.exec(wordsOfUser(conversation).join('\n'))?.[1] ?? '';
  const clone = asking({ name: 'clone_repository', input: { repository } });
  const results = conversation.flatMap((part) => (part.kind === 'result' ? [part.text] : []));
  const directory = results.flatMap((each) => CLONED.exec(each)?.[1] ?? []).at(-1);
  if (directory === undefined) return clone;
  const look = bash(directory, 'echo "LAST $(ls steps | sort -n | tail -1)"');
  if (isNewMachine) return look;

  const last = lastResults(conversation).at(-1) ?? '';
  const counted = /^(?:DONE|LAST) (\d*)$/m.exec(last)?.[1];
  if (counted !== undefined) {
    return Number(counted) < steps ? step(directory, Number(counted) + 1) : bash(directory, COMMIT_ALL);
  }
  if (/^NOTHING$/m.test(last)) return clone;
  if (/^COMMITTED$/m.test(last)) {
    const title = `Count to ${steps}`;
    return asking({ name: 'open_pull_request', input: { directory, title, body: 'Counted.' } });
  }
  return /\b(?:Opened|Updated) \S+\/pulls\/\d+/.test(last) ? { say: finalWordsOf({ number, steps }) } : look;
}

const CLONED = /(?:\binto|\bis already in) ([\w.-]+?)[.,]?(?:\n| |$)/;
const COMMIT_ALL =
  'git add -A && { git diff --cached --quiet || git commit -qm "The rest"; } && echo COMMITTED';

function step(directory: string, n: number): LoopbackAnswer {
  const write = `mkdir -p steps && echo ${n} > steps/${n}`;
  const commit = n % STEPS_PER_COMMIT === 0 ? `git add -A && git commit -qm "Step ${n}"` : 'true';
  return bash(directory, `${write} && ${commit} && echo "DONE ${n}"`);
}

function bash(directory: string, script: string): LoopbackAnswer {
  const command = `if [ -d ${directory}/.git ]; then (cd ${directory} && ${script}); else echo NOTHING; fi`;
  return asking({ name: 'bash', input: { command } });
}

const asking = (call: LoopbackCall): LoopbackAnswer => ({ say: 'Next.', calls: [call] });

import { Fault, isFault } from '@swe/domain';
import type { Compute, MessageBody, Outcome, Session, SessionStore } from '@swe/domain';
import { agentProfile, runSession } from '../agent';
import type { AgentPorts, ProfileOptions, SessionMachine, SessionTiming, ToolPorts } from '../agent';
import type { ResolvedTask } from './resolve-task';
import { sendMessage, submitTask } from './send-message';
import type { SendPorts } from './send-ports';
import { takeCharge } from './take-charge';
import { setWishes } from './wishes';
import type { Wishes } from './wishes';

export interface TaskPorts
  extends Omit<AgentPorts, 'store' | 'bus' | 'random' | 'blobs' | 'snapshots'>, ToolPorts {
  readonly store: AgentPorts['store'] & SendPorts['store'] & Pick<SessionStore, 'change' | 'takeOver'>;
  readonly bus: AgentPorts['bus'] & SendPorts['bus'];
  readonly compute: Pick<Compute, 'describe' | 'confirmDead'>;
  readonly random: AgentPorts['random'] & SendPorts['random'];
  readonly blobs: AgentPorts['blobs'] & ToolPorts['blobs'];
}

/** A question is waited for no longer than a timer can. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/** What to work on: a task of its own session, or a session that is there, with a further message or without. */
export type Work =
  { readonly task: ResolvedTask } | { readonly session: Session; readonly message: string | undefined };

export interface TaskRun extends ProfileOptions {
  readonly requester: string;
  readonly wishes?: Wishes;
  /** Names this process to whoever finds its lease. */
  readonly holder: string;
  /** Keeps track of this process as the session's machine. */
  adopt(sessionId: string, generation: number): void;
  openMachine(sessionId: string, generation: number): Promise<SessionMachine>;
  /**
   * Calls `listener` with what the person says while the work goes on, until the returned function is called. Absent
   * where nobody is there; then a question to the person ends the run.
   */
  listen?(listener: (words: string) => void): () => void;
  readonly timing: SessionTiming;
  /** Stops the turn when it aborts. */
  readonly signal: AbortSignal;
  /** Told when a stop, or what the person said, could not be stored: nothing will come of it. */
  onUnheard(error: unknown): void;
}

/**
 * Serves a session in this process until its turn has an outcome, none when there was nothing to work on. Throws
 * `conflict` when another process is at it, and nothing is stored with it then; a store that can't be written is told with the way to go on later.
 */
export async function workOnTask(
  ports: TaskPorts,
  work: Work,
  run: TaskRun,
): Promise<{ readonly session: Session; readonly outcome: Outcome | undefined }> {
  const { store, clock } = ports;
  const { signal, holder, requester, wishes = {} } = run;
  const load = async (sessionId: string): Promise<Session> => {
    const found = await store.load(sessionId);
    if (found === undefined) throw new Fault('missing', `session ${sessionId} is gone`);
    return found;
  };

  const begun =
    'task' in work ? await submitTask(ports, work.task, requester, wishes) : await load(work.session.id);
  const session = await takeCharge(ports, begun, run.adopt);
  const { id, origin, generation } = session;
  const send = (body: MessageBody): Promise<string> => sendMessage(ports, origin, requester, body);
  if ('session' in work) {
    if (work.message !== undefined) await send({ kind: 'text', text: work.message });
    await setWishes(ports, session, requester, wishes);
  }
  await using machine = await run.openMachine(id, generation);
  const { logger, snapshots } = machine;
  const profile = agentProfile(ports, machine, session, run);

  const stop = (): void => void send({ kind: 'command', command: 'stop' }).catch(run.onUnheard);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  let outcome: Outcome | undefined;
  let said = new AbortController();
  const unlisten = run.listen?.((words) => {
    void send({ kind: 'text', text: words }).then(() => said.abort(), run.onUnheard);
  });
  try {
    // Here nobody else would wake the session: when it was parked, or the person has answered.
    for (;;) {
      said = new AbortController();
      const worker = { sessionId: id, holder, generation };
      const end = await runSession({ ...ports, logger, snapshots }, worker, profile, run.timing).catch(
        leaveOff,
      );
      outcome = end.outcome ?? outcome;
      const { parkedUntilMs } = end;
      const waitsForWords = unlisten !== undefined && !signal.aborted && isQuestion(end.outcome);
      if (parkedUntilMs === undefined && !waitsForWords) return { session: await load(id), outcome };
      const waitMs = parkedUntilMs === undefined ? LONGEST_WAIT_MS : parkedUntilMs - clock.nowMs();
      await clock.sleep(waitMs, AbortSignal.any([signal, said.signal]));
    }
  } finally {
    unlisten?.();
    signal.removeEventListener('abort', stop);
  }

  function leaveOff(error: unknown): never {
    if (!isFault(error, 'transient', 'denied')) throw error;
    const way = `Then go on with it: swe run --resume ${id}`;
    throw new Fault(error.kind, `Session ${id} stopped in its work: ${error.message} ${way}`, {
      cause: error,
    });
  }
}

function isQuestion(outcome: Outcome | undefined): boolean {
  return outcome?.kind === 'answered' && outcome.asksBack === true;
}

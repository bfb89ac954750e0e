import { Fault, sessionBranch } from '@swe/domain';
import type {
  BlobStore,
  Image,
  Logger,
  MessageBody,
  Outcome,
  Processes,
  Random,
  RepoHost,
  Session,
  SessionStore,
  WebPage,
  Workspace,
} from '@swe/domain';
import { DEFAULT_PATIENCE, DEFAULT_TURN_LIMITS, issueReader, runSession, systemPrompt } from '../agent';
import type { AgentPorts } from '../agent';
import { receiveMessage } from '../ingress';
import type { IngressPorts } from '../ingress';
import { backgroundProcesses, toolbox } from '../tools';
import type { ToolboxOptions } from '../tools';
import type { ResolvedTask } from './resolve-task';

export interface TaskPorts extends Omit<AgentPorts, 'store' | 'bus'> {
  readonly store: AgentPorts['store'] & IngressPorts['store'] & Pick<SessionStore, 'change'>;
  readonly bus: AgentPorts['bus'] & IngressPorts['bus'];
  readonly blobs: BlobStore;
  readonly repoHost: RepoHost;
  readonly image: Image;
  readonly webPage: WebPage;
  readonly random: Random;
}

/** The machine that one session works on. */
export interface SessionMachine extends AsyncDisposable {
  readonly workspace: Workspace;
  /** What runs whatever the model asks for. */
  readonly processes: Processes;
  /** Where the host's repositories can be written, and no command of the model's runs. */
  readonly pushProcesses: Pick<Processes, 'run'>;
  readonly logger: Logger;
}

/** A question is waited for no longer than a timer can. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/** What to work on: a task of its own session, or a session that is there, with a further message or without. */
export type Work =
  { readonly task: ResolvedTask } | { readonly session: Session; readonly message: string | undefined };

export interface TaskRun extends Pick<ToolboxOptions, 'ripgrepPath'> {
  readonly requester: string;
  /** Names this process to whoever finds its lease. */
  readonly holder: string;
  /** Whether the host knows repositories by such URLs. */
  serves(repository: string): boolean;
  openMachine(sessionId: string): Promise<SessionMachine>;
  /**
   * Calls `listener` with what the person says while the work goes on, until the returned function is called. Absent
   * where nobody is there; then a question to the person ends the run.
   */
  listen?(listener: (words: string) => void): () => void;
  /** Stops the turn when it aborts. */
  readonly signal: AbortSignal;
  /** Told when a stop, or what the person said, could not be stored: nothing will come of it. */
  onUnheard(error: unknown): void;
}

/**
 * Serves a session in this process until its turn has an outcome, none when there was nothing to work on. Throws
 * `conflict` when another process is at it.
 */
export async function workOnTask(
  ports: TaskPorts,
  work: Work,
  run: TaskRun,
): Promise<{ readonly session: Session; readonly outcome: Outcome | undefined }> {
  const { store, bus, repoHost, random, clock } = ports;
  const { signal, holder, ripgrepPath, serves } = run;
  const origin = 'task' in work ? `terminal:${random.id()}` : work.session.origin;
  const send = async (body: MessageBody): Promise<string> => {
    const message = { origin, requester: run.requester, addressed: true, body, receivedAtMs: clock.nowMs() };
    const messageKey = `${origin}/${random.id()}`;
    return (await receiveMessage({ store, bus, logger: ports.logger }, { ...message, messageKey })).sessionId;
  };
  const load = async (sessionId: string): Promise<Session> => {
    const found = await store.load(sessionId);
    if (found === undefined) throw new Fault('missing', `session ${sessionId} is gone`);
    return found;
  };

  const { id, issue, generation } = await begin();
  await using machine = await run.openMachine(id);
  const { workspace, processes, pushProcesses, logger } = machine;
  const branch = sessionBranch(id, issue?.number);
  const background = backgroundProcesses(processes);
  const profile = {
    system: systemPrompt({ workspaceRoot: workspace.root, branch }),
    tools: toolbox({ ...ports, workspace, processes, pushProcesses, background, branch, issue, ripgrepPath }),
    limits: DEFAULT_TURN_LIMITS,
    patience: DEFAULT_PATIENCE,
    readIssue: issueReader(repoHost, serves),
    endProcesses: () => background.killAll(),
  };

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
      const end = await runSession({ ...ports, logger }, worker, profile);
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

  async function begin(): Promise<Session> {
    if ('task' in work) {
      const session = await load(await send({ kind: 'text', text: work.task.message }));
      return store.change(session.id, session.revision, { issue: work.task.issue });
    }
    if (work.message !== undefined) await send({ kind: 'text', text: work.message });
    return work.session;
  }
}

function isQuestion(outcome: Outcome | undefined): boolean {
  return outcome?.kind === 'answered' && outcome.asksBack === true;
}

import { Fault, sessionBranch } from '@swe/domain';
import type {
  Logger,
  MessageBody,
  Outcome,
  Processes,
  Random,
  RepoHost,
  Session,
  Workspace,
} from '@swe/domain';
import { DEFAULT_PATIENCE, DEFAULT_TURN_LIMITS, issueReader, runSession, systemPrompt } from '../agent';
import type { AgentPorts } from '../agent';
import { receiveMessage } from '../ingress';
import type { IngressPorts } from '../ingress';
import { toolbox } from '../tools';
import type { ResolvedTask } from './resolve-task';

export interface TaskPorts extends Omit<AgentPorts, 'store' | 'bus'> {
  readonly store: AgentPorts['store'] & IngressPorts['store'];
  readonly bus: AgentPorts['bus'] & IngressPorts['bus'];
  readonly repoHost: RepoHost;
  readonly random: Random;
}

/** The machine that one session works on. */
export interface SessionMachine extends AsyncDisposable {
  readonly workspace: Workspace;
  readonly processes: Pick<Processes, 'run'>;
  readonly logger: Logger;
}

export interface TaskWork {
  readonly task: ResolvedTask;
  readonly requester: string;
  /** Names this process to whoever finds its lease. */
  readonly holder: string;
  readonly ripgrepPath: string;
  /** Whether the host knows repositories by such URLs. */
  serves(repository: string): boolean;
  openMachine(sessionId: string): Promise<SessionMachine>;
  /** Stops the turn when it aborts. */
  readonly signal: AbortSignal;
  /** Told when the stop could not be stored, so that nothing will stop by itself. */
  onStopFailed(error: unknown): void;
}

/** Makes a session of a task and serves it in this process, until its turn has an outcome. */
export async function workOnTask(
  ports: TaskPorts,
  work: TaskWork,
): Promise<{ readonly session: Session; readonly outcome: Outcome | undefined }> {
  const { store, bus, repoHost, random, clock } = ports;
  const { task, signal, holder, ripgrepPath, serves } = work;
  const origin = `terminal:${random.id()}`;
  const send = async (body: MessageBody): Promise<string> => {
    const message = { origin, requester: work.requester, addressed: true, body, receivedAtMs: clock.nowMs() };
    const messageKey = `${origin}/${random.id()}`;
    return (await receiveMessage({ store, bus, logger: ports.logger }, { ...message, messageKey })).sessionId;
  };

  const sessionId = await send({ kind: 'text', text: task.message });
  await using machine = await work.openMachine(sessionId);
  const { workspace, processes, logger } = machine;
  const branch = sessionBranch(sessionId, task.issue?.number);
  const profile = {
    system: systemPrompt({ workspaceRoot: workspace.root, branch }),
    tools: toolbox({ workspace, processes, repoHost, branch, issue: task.issue, ripgrepPath }),
    limits: DEFAULT_TURN_LIMITS,
    patience: DEFAULT_PATIENCE,
    readIssue: issueReader(repoHost, serves),
  };

  const stop = (): void => void send({ kind: 'command', command: 'stop' }).catch(work.onStopFailed);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  let end = await runSession({ ...ports, logger }, sessionId, holder, profile);
  // Here nobody else would wake the session when its time has come, or when a stop has.
  while (end.parkedUntilMs !== undefined) {
    await clock.sleep(end.parkedUntilMs - clock.nowMs(), signal);
    end = await runSession({ ...ports, logger }, sessionId, holder, profile);
  }
  signal.removeEventListener('abort', stop);

  const session = await store.load(sessionId);
  if (session === undefined) throw new Fault('missing', `session ${sessionId} is gone`);
  return { session, outcome: end.outcome };
}

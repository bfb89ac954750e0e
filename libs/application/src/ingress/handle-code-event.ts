import { HARNESS_NOTE, isFault, sessionOfBranch } from '@swe/domain';
import type {
  ChecksFinished,
  CodeEvent,
  IncomingMessage,
  PullRequestClosed,
  PullRequestReopened,
  Reviewed,
  Session,
  SessionChange,
  SessionPullRequest,
  SessionStore,
} from '@swe/domain';
import { receiveMessage } from './receive-message';
import type { IngressPorts } from './receive-message';
import { afterFailedChecks } from './repair-policy';
import { isListed } from './who-may-policy';
import { workedFor } from './worked-for';

export interface CodeIngressPorts extends IngressPorts {
  readonly store: Pick<SessionStore, 'receive' | 'findSession' | 'load' | 'change' | 'readInbox'>;
}

export interface CodeIngressRules {
  /** Programs whose reviews count all the same: `github:<login>` or a bare login. */
  readonly allowedBots: readonly string[];
}

const CHANGE_ATTEMPTS = 5;

/**
 * Takes what happened to code: a review or a failed check of a session's pull request wakes it, and so do checks that
 * are through where it waits for them; a merge ends it, one that is open again is looked after again, and what is not ours
 * is passed over in silence. Each wakes once, however often it is told; a session that has ended is not woken.
 */
export async function handleCodeEvent(
  ports: CodeIngressPorts,
  rules: CodeIngressRules,
  event: CodeEvent,
): Promise<void> {
  switch (event.kind) {
    case 'reviewed':
      return reviewed(ports, rules, event);
    case 'checks-finished':
      return checksFinished(ports, event);
    case 'pull-request-closed':
      return closed(ports, event);
    case 'pull-request-reopened':
      return reopened(ports, event);
  }
}

async function reviewed(ports: CodeIngressPorts, rules: CodeIngressRules, event: Reviewed): Promise<void> {
  const { eventKey, origin, requester, state, body, isAddressed, isBot, receivedAtMs } = event;
  if (isBot && !isListed(rules.allowedBots, requester)) return;
  const session = await liveSession(ports, origin);
  const isOwn = session !== undefined && pullRequestOf(session, event) !== undefined;
  if (!isOwn && !isAddressed) return;
  // There is nothing to be done about it.
  if (state === 'approved' && body.trim() === '') return;
  const words = body.trim() === '' ? '' : `\n\n${body}`;
  const text = `${HARNESS_NOTE} ${loginOf(requester)} reviewed ${urlOf(event)}: ${WORDS[state]}. Read it with read_review, do what it asks for or say why not, push, and answer in its threads.${words}`;
  await wake(ports, {
    messageKey: eventKey,
    origin,
    requester,
    addressed: isAddressed,
    body: { kind: 'text', text },
    ...(isBot && { cause: 'program' as const }),
    receivedAtMs,
  });
}

async function checksFinished(ports: CodeIngressPorts, event: ChecksFinished): Promise<void> {
  const { state, headBranch, headSha, receivedAtMs } = event;
  const id = headBranch === undefined ? undefined : sessionOfBranch(headBranch);
  const session = id === undefined ? undefined : await ports.store.load(id);
  // Anybody may name a branch as they like: only what the session itself opened counts.
  const own = session?.pullRequests.find(
    (each) => each.headBranch === headBranch && each.repository === event.repository,
  );
  if (session === undefined || session.status === 'ended' || own === undefined) return;
  if (state !== 'failure') return checksThrough(ports, session, event);
  const decision = afterFailedChecks(session, own, headSha);
  // It may be waited for all the same, whoever pushed it.
  if (decision === 'ignore') return checksThrough(ports, session, event);

  const onBehalfOf = await onWhoseBehalf(ports, session);
  const message: IncomingMessage = {
    // One app after the other tells that its checks failed: one repair looks at all of them.
    messageKey: `${event.workspace}/checks/${headSha}`,
    origin: session.origin,
    requester: onBehalfOf,
    addressed: false,
    cause: 'checks',
    body: {
      kind: 'text',
      text: `${HARNESS_NOTE} Checks of your pull request ${own.url} failed at ${headSha.slice(0, 10)}. Look at them with wait_for_checks, find the cause, repair it and push. Repair the code, not the tests: deleting, skipping or loosening one, or changing a workflow, needs a person's word first (ask_user).`,
    },
    receivedAtMs,
  };
  const isNew = await wake(ports, message, (now) =>
    decision === 'repair'
      ? { posts: [], session: { repairs: (now.repairs ?? 0) + 1 } }
      : {
          outcome: { kind: 'command-result', text: GIVEN_UP },
          session: wokenFor(now, event),
          posts: [
            {
              effectKey: `${session.id}/given-up/${headSha}`,
              class: 'message',
              body: `Checks of ${own.url} still fail. ${GIVEN_UP}`,
              destination: session.origin,
              mention: onBehalfOf,
              createdAtMs: receivedAtMs,
            },
          ],
        },
  );
  // They were run again: it was told of that commit before.
  if (!isNew) await checksThrough(ports, session, event);
}

const GIVEN_UP =
  'I have tried to repair them several times in a row and leave them to you. Tell me to go on, and how.';

/** A session that sleeps until they are finds that they are. Nobody said anything: what it does then is its own turn. */
async function checksThrough(
  ports: CodeIngressPorts,
  session: Session,
  event: ChecksFinished,
): Promise<void> {
  if (wokenFor(session, event).wakeAtMs === undefined) return;
  const { eventKey: messageKey, headSha, receivedAtMs } = event;
  const words = `Checks finished at ${headSha.slice(0, 10)}.`;
  const message: IncomingMessage = {
    messageKey,
    origin: session.origin,
    requester: session.requester,
    addressed: false,
    body: { kind: 'text', text: `${HARNESS_NOTE} ${words}` },
    receivedAtMs,
  };
  await wake(ports, message, (now) => ({
    outcome: { kind: 'command-result', text: words },
    posts: [],
    session: wokenFor(now, event),
  }));
}

/** What makes a session go on that sleeps until these checks are through; nothing for another. */
function wokenFor(
  { awaitedChecks }: Pick<Session, 'awaitedChecks'>,
  { repository, headSha, receivedAtMs }: ChecksFinished,
): Pick<SessionChange, 'wakeAtMs'> {
  const isAwaited = awaitedChecks?.repository === repository && awaitedChecks.headSha === headSha;
  return isAwaited ? { wakeAtMs: receivedAtMs } : {};
}

/** Ends a session whose last pull request was merged. One that was closed otherwise may still be talked about. */
async function closed(ports: CodeIngressPorts, event: PullRequestClosed): Promise<void> {
  const { eventKey, origin, isMerged, receivedAtMs } = event;
  const session = await liveSession(ports, origin);
  const own = session && pullRequestOf(session, event);
  if (session === undefined || own === undefined) return;
  const isLast = session.pullRequests.every(({ url }) => closedWith(session, own).includes(url));
  if (!isMerged || !isLast) {
    return changeSession(ports, session.id, (now) => ({ closedPullRequests: closedWith(now, own) }));
  }
  const message: IncomingMessage = {
    messageKey: eventKey,
    origin,
    // Who merges may be a queue, which nobody works for.
    requester: await onWhoseBehalf(ports, session),
    addressed: false,
    body: { kind: 'command', command: 'end' },
    receivedAtMs,
  };
  // In one write: what is noted as over is not asked about again.
  const noted = (now: Session) => ({ closedPullRequests: closedWith(now, own) });
  await wake(ports, message, (now) => ({ posts: [], session: noted(now) }));
}

function closedWith({ closedPullRequests = [] }: Session, { url }: SessionPullRequest): string[] {
  return [...new Set([...closedPullRequests, url])];
}

/** It is looked after again. A session that has ended stays so: only words to the agent open a new one. */
async function reopened(ports: CodeIngressPorts, event: PullRequestReopened): Promise<void> {
  const session = await liveSession(ports, event.origin);
  const own = session && pullRequestOf(session, event);
  if (session === undefined || own === undefined) return;
  await changeSession(ports, session.id, ({ closedPullRequests = [] }) => ({
    closedPullRequests: closedPullRequests.filter((url) => url !== own.url),
    pollAtMs: event.receivedAtMs,
  }));
}

async function changeSession(
  { store }: CodeIngressPorts,
  sessionId: string,
  changeOf: (session: Session) => SessionChange,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const session = await store.load(sessionId);
    if (session === undefined) return;
    try {
      return void (await store.change(sessionId, session.revision, changeOf(session)));
    } catch (error) {
      if (!isFault(error, 'conflict') || attempt === CHANGE_ATTEMPTS) throw error;
    }
  }
}

/** What programs tell is worked on for whoever had the agent work last. */
async function onWhoseBehalf({ store }: CodeIngressPorts, session: Session): Promise<string> {
  return (await workedFor(store, session)).at(-1) ?? session.requester;
}

/** False when it was told of that before, or has ended. */
async function wake(
  ports: CodeIngressPorts,
  message: IncomingMessage,
  answer?: (session: Session) => ReturnType<NonNullable<Parameters<SessionStore['receive']>[1]>>,
): Promise<boolean> {
  try {
    const { duplicate } = await receiveMessage(ports, message, answer && (({ session }) => answer(session)));
    return !duplicate;
  } catch (error) {
    // It ended meanwhile, and this opens no new one.
    if (message.addressed || !isFault(error, 'denied')) throw error;
    return false;
  }
}

async function liveSession({ store }: CodeIngressPorts, origin: string): Promise<Session | undefined> {
  const session = await store.findSession(origin);
  return session?.status === 'ended' ? undefined : session;
}

function pullRequestOf(
  { pullRequests }: Session,
  { repository, number }: Pick<Reviewed, 'repository' | 'number'>,
): SessionPullRequest | undefined {
  return pullRequests.find((each) => each.repository === repository && each.number === number);
}

const urlOf = ({ repository, number }: Pick<Reviewed, 'repository' | 'number'>): string =>
  `${repository}/pull/${number}`;

const loginOf = (requester: string): string => requester.slice(requester.indexOf(':') + 1);

const WORDS: Readonly<Record<Reviewed['state'], string>> = {
  approved: 'approved',
  'changes-requested': 'changes are requested',
  commented: 'with comments',
  dismissed: 'dismissed',
};

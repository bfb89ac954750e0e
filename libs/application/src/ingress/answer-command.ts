import { approvalOfServers, isFault, monthOf, monthScope, requesterScope, sessionScope } from '@swe/domain';
import type { Answering, Session } from '@swe/domain';
import type { ChatIngressPorts, ChatIngressRules } from './chat-ingress';
import { moneyLeftOfParent } from './money-left';
import { helpWords } from './parse-command';
import type { ChatCommand, WishCommand } from './parse-command';
import { answerOf, receiveAnswered, refusedWith } from './receive-aside';
import type { Said } from './said';
import { costWords, historyWords, nameOf, statusWords } from './session-words';
import type { Money, MonthsMoney } from './session-words';
import { mayGiveLeave, ownsSession, refusalIn } from './who-may-policy';
import { answerWish } from './wish-policy';
import { workedFor } from './worked-for';

const NO_SESSION =
  'There is no session in this thread. Name one by its id, or tell me what to do to begin one.';
const ENDED = 'That session has ended already.';
const UNKNOWN_SESSION = 'I know no session of that id.';
const ADMINS_ONLY = 'Only an admin may do that.';
const PLACE_DECIDES =
  'Who may write to this repository may have me work in it. Nobody has to be let in, and nobody can be.';
const LEAVE_ONLY =
  'Only who asked for that session may do that, once I have taken up their words there, or an admin.';
const WORKED_FOR_ONLY = 'Only somebody whose words I have taken up in that session may do that.';
const OWNER_ONLY = 'Only who asked for that session, or an admin, may do that.';

/**
 * Answers a command from what is stored, in the same write that stores it: done once, however often it is delivered.
 * `stop` and `end` of a session that lives are left to whoever holds it. Whoever was refused in a session commands nothing
 * there either.
 */
export async function answerCommand(
  ports: ChatIngressPorts,
  rules: ChatIngressRules,
  said: Said,
  command: ChatCommand,
): Promise<void> {
  // What it changes beside the session must not be changed again by a late delivery.
  if ((await ports.store.findMessage(said.messageKey)) !== undefined) return;
  const { session: own } = said;
  const named = 'sessionId' in command ? command.sessionId : undefined;
  const session = named === undefined ? own : await loadFor(ports, said, named);
  if (session !== undefined && isLive(session)) {
    if (command.name === 'stop' || command.name === 'end') return passOn(ports, said, command.name, session);
    const refusal = isOfSession(command) ? await refusalFor(ports, said, session) : undefined;
    if (refusal !== undefined)
      return receiveAnswered(ports, said, own && said.thread, refusedWith(said, refusal));
    if (isWish(command)) return grant(ports, rules, said, command, session);
  }
  const text = await resultOf(ports, rules, said, command, session);
  await answer(ports, said, command.name === 'take_over' ? await liveSession(ports, said) : own, text);
}

async function refusalFor(
  { store }: ChatIngressPorts,
  { requester }: Said,
  { id }: Session,
): Promise<string | undefined> {
  return refusalIn(await store.readInbox(id, 0), requester);
}

/** What comes of it is said where the session's posts go: whoever said it somewhere else is told so. */
function passOn(
  ports: ChatIngressPorts,
  said: Said,
  command: 'stop' | 'end',
  { id, origin }: Session,
): Promise<void> {
  const { thread, requester, receivedAtMs, isPrivate } = said;
  const answer: Answering = ({ session, seq }) => {
    if (session.id !== id) return answerOf(said, session.id, seq, { kind: 'command-result', text: ENDED });
    if (session.origin === thread) return { posts: [] };
    const body = `I pass that on to \`${id}\`. What comes of it is said in its thread.`;
    const post = { effectKey: `${id}/passed-on-${seq}`, class: 'message', body } as const;
    const only = isPrivate ? { onlyFor: requester } : {};
    return { posts: [{ ...post, destination: thread, ...only, createdAtMs: receivedAtMs }] };
  };
  return receiveAnswered(ports, said, origin, answer, { kind: 'command', command });
}

const OF_SESSION: ReadonlySet<ChatCommand['name']> = new Set([
  'status',
  'cost',
  'history',
  'budget',
  'model',
  'workflows',
  'agent',
  'take_over',
]);

const isOfSession = ({ name }: ChatCommand): boolean => OF_SESSION.has(name);

const isWish = (command: ChatCommand): command is WishCommand =>
  command.name === 'budget' ||
  command.name === 'model' ||
  command.name === 'agent' ||
  command.name === 'workflows';

/** Stored with the session that it is wished for, so that whoever works on that finds it. */
async function grant(
  ports: ChatIngressPorts,
  rules: ChatIngressRules,
  said: Said,
  command: WishCommand,
  wishedOf: Session,
): Promise<void> {
  const { id, origin } = wishedOf;
  const { spentNanoUsd } = await ports.ledger.report(sessionScope(id));
  const leftOfParentNanoUsd = await moneyLeftOfParent(ports, wishedOf, rules.capNanoUsd);
  const refusal = await refusalOfWish(ports, rules, said, command, wishedOf);
  const agents = command.name === 'agent' ? await rules.readAgents?.() : undefined;
  const place = said.session?.id === id ? said.thread : origin;
  await receiveAnswered(ports, said, place, ({ session, seq }) => {
    const say = (text: string) => answerOf(said, session.id, seq, { kind: 'command-result', text });
    if (session.id !== id) return say(ENDED);
    if (refusal !== undefined) return say(refusal);
    const { receivedAtMs: nowMs, requester } = said;
    const of = { session, spentNanoUsd, leftOfParentNanoUsd, agents, nowMs, requester };
    const { text, change, isHeard } = answerWish(command, of, rules);
    const { outcome, posts } = say(text);
    return {
      posts,
      // Without one it is read as words, too.
      ...(isHeard !== true && outcome !== undefined && { outcome }),
      ...(change !== undefined && { session: change }),
    };
  });
}

async function refusalOfWish(
  { store }: ChatIngressPorts,
  { isByPlace }: ChatIngressRules,
  { requester: who, standing }: Said,
  command: WishCommand,
  session: Session,
): Promise<string | undefined> {
  if (command.name === 'workflows') {
    const hasHadWork = (await workedFor(store, session)).includes(who);
    if (mayGiveLeave(session, who, standing, { hasHadWork, ...(isByPlace && { isByPlace }) }))
      return undefined;
    return isByPlace ? WORKED_FOR_ONLY : LEAVE_ONLY;
  }
  return isQuestion(command) || ownsSession(session, who, standing) ? undefined : OWNER_ONLY;
}

/** Whether it only asks how things stand. */
function isQuestion(command: Exclude<WishCommand, { readonly name: 'workflows' }>): boolean {
  if (command.name === 'budget') return command.usd === undefined;
  return command.name === 'model' ? command.id === undefined : command.agent === undefined;
}

/** A session's words may be private: where it does not speak they are for its requester, and for admins. */
function isReadElsewhere({ id, requester }: Session, { session, requester: who, standing }: Said): boolean {
  return session?.id !== id && !ownsSession({ requester }, who, standing);
}

/** Whose workspace it is not, and who neither asked for it nor is an admin, is told that there is none. */
async function loadFor(
  { store }: ChatIngressPorts,
  { workspace, requester, standing }: Said,
  id: string,
): Promise<Session | undefined> {
  const session = await store.load(id);
  if (session === undefined) return undefined;
  const isTheirs = session.origin.startsWith(`${workspace}/`) || ownsSession(session, requester, standing);
  return isTheirs ? session : undefined;
}

const isLive = ({ status }: Session): boolean => status !== 'ended';

async function liveSession({ store }: ChatIngressPorts, { thread }: Said): Promise<Session | undefined> {
  const session = await store.findSession(thread);
  return session !== undefined && isLive(session) ? session : undefined;
}

/** In the thread's session where it has one, so that its history is whole. */
async function answer(
  ports: ChatIngressPorts,
  said: Said,
  session: Session | undefined,
  text: string,
): Promise<void> {
  await receiveAnswered(ports, said, session && said.thread, (at) =>
    answerOf(said, at.session.id, at.seq, { kind: 'command-result', text }),
  );
}

async function monthsMoney(
  ledger: ChatIngressPorts['ledger'],
  { requester }: Session,
  nowMs: number,
): Promise<MonthsMoney> {
  const month = monthOf(nowMs);
  const [theirs, all] = await Promise.all(
    [requesterScope(requester, month), monthScope(month)].map((scope) => ledger.report(scope)),
  );
  return {
    month,
    requesterNanoUsd: theirs?.spentNanoUsd ?? 0,
    allNanoUsd: all?.spentNanoUsd ?? 0,
  };
}

async function resultOf(
  ports: ChatIngressPorts,
  rules: ChatIngressRules,
  said: Said,
  command: ChatCommand,
  session: Session | undefined,
): Promise<string> {
  const { store, ledger } = ports;
  const moneyOf = async ({ id, capNanoUsd = rules.capNanoUsd }: Session): Promise<Money> => ({
    ...(await ledger.report(sessionScope(id))),
    capNanoUsd,
  });
  switch (command.name) {
    case 'help':
      return helpWords(rules);
    case 'unclear':
      return `Say it like this: \`${command.usage}\``;
    case 'stop':
    case 'end':
      return session === undefined ? missing(command) : ENDED;
    case 'status':
      if (session === undefined) return missing(command);
      return isReadElsewhere(session, said) ? OWNER_ONLY : statusWords(session, await moneyOf(session));
    case 'cost':
      if (session === undefined) return missing(command);
      return costWords(
        session,
        await moneyOf(session),
        await monthsMoney(ledger, session, said.receivedAtMs),
      );
    case 'budget':
    case 'model':
    case 'workflows':
    case 'agent':
      return session === undefined ? missing(command) : ENDED;
    case 'history':
      if (session === undefined) return missing(command);
      if (isReadElsewhere(session, said)) return OWNER_ONLY;
      return historyWords(await store.readInbox(session.id, 0));
    case 'take_over':
      return session === undefined ? UNKNOWN_SESSION : takeOver(ports, said, session);
    default:
      return administrate(ports, rules, said, command);
  }
}

function missing(command: { readonly sessionId?: string }): string {
  return command.sessionId === undefined ? NO_SESSION : UNKNOWN_SESSION;
}

async function takeOver({ store }: ChatIngressPorts, said: Said, session: Session): Promise<string> {
  const { thread, requester, standing } = said;
  if (!ownsSession(session, requester, standing)) return OWNER_ONLY;
  if (said.isPrivate) return 'Say that in the thread that is to go on with the session.';
  if (said.session?.id === session.id) return 'That session is this thread’s already.';
  try {
    await store.takeOver(thread, session.id);
  } catch (error) {
    if (!isFault(error, 'conflict')) throw error;
    return 'This thread has a session of its own that has not ended, or the other one has.';
  }
  return `I go on with \`${session.id}\` here: ${session.title}`;
}

async function administrate(
  { access, clock }: ChatIngressPorts,
  { admins = [], isByPlace }: ChatIngressRules,
  { requester, workspace, standing }: Said,
  command: Extract<
    ChatCommand,
    { readonly name: 'approve_user' | 'revoke_user' | 'list_users' | 'approve_mcp' | 'revoke_mcp' }
  >,
): Promise<string> {
  if (isByPlace) return PLACE_DECIDES;
  if (!standing.isAdmin) return ADMINS_ONLY;
  if (command.name === 'list_users') {
    const approved = await access.list(workspace);
    const lines = approved.map(
      ({ person, by, atMs }) =>
        `- ${nameOf(person)}, by ${nameOf(by)} on ${new Date(atMs).toISOString().slice(0, 10)}`,
    );
    const others = lines.length === 0 ? ['Nobody else was approved.'] : ['Approved:', '', ...lines];
    return [`Admins: ${admins.map(nameOf).join(', ')}`, '', ...others].join('\n');
  }
  if ('hash' in command) {
    const approval = approvalOfServers(workspace, command.hash);
    if (command.name === 'revoke_mcp') {
      await access.revoke(approval.workspace, approval.person);
      return 'From the next turn on I do not use those tool servers any more.';
    }
    await access.approve({ ...approval, by: requester, atMs: clock.nowMs() });
    return 'From the next turn on I use those tool servers, where a repository names them in these very words.';
  }
  const person = `${workspace}/${command.user}`;
  if (command.name === 'approve_user') {
    await access.approve({ workspace, person, by: requester, atMs: clock.nowMs() });
    return `${nameOf(person)} may have me work from now on.`;
  }
  await access.revoke(workspace, person);
  return `${nameOf(person)} may not have me work any more.`;
}

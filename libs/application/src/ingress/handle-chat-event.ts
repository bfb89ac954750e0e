import { isFault, issueOfTask, reactionEntry } from '@swe/domain';
import type {
  ChatEvent,
  ClickedInChat,
  CommandInChat,
  DeletedInChat,
  EditedInChat,
  MessageBody,
  OpenedInChat,
  SaidInChat,
} from '@swe/domain';
import { answerCommand } from './answer-command';
import type { ChatIngressPorts, ChatIngressRules } from './chat-ingress';
import { parseCommand } from './parse-command';
import type { ChatCommand } from './parse-command';
import { answerAside, receiveAside, refusedWith } from './receive-aside';
import { receiveMessage } from './receive-message';
import { reviseMessage } from './revise-message';
import type { RevisionResult } from './revise-message';
import { messageOf } from './said';
import type { Said } from './said';
import { isListed, standingOf } from './who-may-policy';
import type { Standing } from './who-may-policy';
import { workedFor } from './worked-for';

const REFUSAL =
  'I may not work for you yet. An admin of this workspace can let you in: they say `approve_user` and your name to me.';
const STRANGER = 'Commands of strangers are not answered where everybody can read it.';
const GREETING =
  'Hello. Tell me what to do in your own words, and where: a repository, an issue, a pull request. I work on it in the thread of your message, what you write there meanwhile reaches me, and I come back with a pull request. `help` lists the words that do something by themselves.';
const NO_WORDS =
  'Say that in a channel or a thread where I am, with a mention of me: what I do, I report there.';

/**
 * Takes what happened in a chat: words for the agent are stored and hinted at, a command is answered in the same write,
 * whoever may not speak is told so once per thread, and what is not ours is passed over in silence, as is a stranger's command. A store that fails
 * throws, so that the chat sends it again.
 */
export async function handleChatEvent(
  ports: ChatIngressPorts,
  rules: ChatIngressRules,
  event: ChatEvent,
): Promise<void> {
  switch (event.kind) {
    case 'opened':
      return greet(ports, rules, event);
    case 'deleted':
      return void (await revise(ports, event));
    case 'edited':
      return edit(ports, rules, event);
    default:
      return hear(ports, rules, event);
  }
}

/** Whoever was let out since changes nothing of what they said, and is told so where they mention the agent anew. */
async function edit(ports: ChatIngressPorts, rules: ChatIngressRules, event: EditedInChat): Promise<void> {
  const { isAllowed } = await standingIn(ports, rules, event);
  const result = isAllowed ? await revise(ports, event) : 'unknown';
  // The agent was not meant before, or was not heard: to it these are new words.
  if (result === 'unknown' && event.isAddressed) await hear(ports, rules, { ...event, kind: 'said' });
}

async function hear(
  ports: ChatIngressPorts,
  rules: ChatIngressRules,
  event: SaidInChat | ClickedInChat | CommandInChat,
): Promise<void> {
  const { store, logger } = ports;
  const { messageKey, origin: thread, requester, workspace, receivedAtMs } = event;
  if (event.kind === 'said' && event.isBot && !isListed(rules.allowedBots, requester)) return;
  const isSlash = event.kind === 'command';
  const isAddressed = event.kind !== 'said' || event.isAddressed;
  const found = isSlash ? undefined : await store.findSession(thread);
  const session = found?.status === 'ended' ? undefined : found;
  if (session === undefined && (!isAddressed || event.kind === 'clicked')) return;
  const isStranger = event.kind === 'said' && event.isStranger === true;
  // Where everybody can speak, most of it is not meant for the agent.
  if (isStranger && !isAddressed) return;

  const said: Said = {
    messageKey,
    thread,
    requester,
    workspace,
    text: event.text,
    files: event.kind === 'said' ? event.files : [],
    ...(event.kind === 'said' && event.subject !== undefined && { subject: event.subject }),
    receivedAtMs,
    session,
    standing: await standingIn(ports, rules, event),
    isBot: event.kind === 'said' && event.isBot,
    isPrivate: isSlash,
  };
  if (!said.standing.isAllowed) {
    if (!isAddressed) return;
    logger.info('message.refused', { requester });
    return refuse(ports, said);
  }
  // What a choice says the model wrote: whoever clicks it answers, and gives no command.
  const isChoice = event.kind === 'clicked' && event.isCommand !== true;
  const command = isAddressed && !isChoice ? commandOf(said) : undefined;
  if (command !== undefined) {
    if (!isStranger || (await hasHadWork(ports, said))) return answerCommand(ports, rules, said, command);
    logger.info('command.unanswered', { requester, command: command.name });
    return leaveUnanswered(ports, said);
  }
  if (isSlash) return answerAside(ports, said, { kind: 'command-result', text: NO_WORDS });
  await pass(ports, said, isAddressed);
}

/**
 * Says once what the agent can do, where somebody opened a place to talk to it; nothing is to be worked on for that.
 * Whoever may not speak is told so instead, and greeted when they come back and may.
 */
async function greet(ports: ChatIngressPorts, rules: ChatIngressRules, event: OpenedInChat): Promise<void> {
  const { origin, requester, workspace, receivedAtMs } = event;
  const standing = await standingIn(ports, rules, event);
  const messageKey = standing.isAllowed ? event.messageKey : `${event.messageKey}/refused`;
  // Chats tell each time that it is opened.
  if ((await ports.store.findMessage(messageKey)) !== undefined) return;
  const who = { requester, workspace, receivedAtMs, standing };
  const said: Said = {
    ...who,
    messageKey,
    thread: origin,
    text: '',
    files: [],
    session: undefined,
    isBot: false,
    isPrivate: false,
  };
  if (standing.isAllowed) await answerAside(ports, said, { kind: 'command-result', text: GREETING });
  else await refuse(ports, said);
}

async function standingIn(
  { access }: ChatIngressPorts,
  rules: ChatIngressRules,
  { workspace, requester }: Pick<ChatEvent, 'workspace' | 'requester'>,
): Promise<Standing> {
  const isAsked = rules.admins !== undefined && !rules.isByPlace;
  const isApproved = isAsked && (await access.isApproved(workspace, requester));
  return standingOf(rules, requester, isApproved);
}

function revise(ports: ChatIngressPorts, event: EditedInChat | DeletedInChat): Promise<RevisionResult> {
  const { origin, messageKey, editKey, requester, receivedAtMs } = event;
  const revision = { origin, messageKey, editKey, requester, receivedAtMs };
  if (event.kind === 'deleted') return reviseMessage(ports, revision);
  const { text, files } = event;
  const body = { kind: 'text', text, ...(files.length > 0 && { files }) } as const;
  return reviseMessage(ports, { ...revision, body });
}

/** Who mentions the agent without a word is told what it can do. */
function commandOf({ text, files }: Said): ChatCommand | undefined {
  return text.trim() === '' && files.length === 0 ? { name: 'help' } : parseCommand(text);
}

/** Whether a stranger was found to be allowed to have the agent work in the thread's session. */
async function hasHadWork({ store }: ChatIngressPorts, { session, requester }: Said): Promise<boolean> {
  return session !== undefined && (await workedFor(store, session)).includes(requester);
}

/** Stores words for the agent, with the mark that says so. */
async function pass(ports: ChatIngressPorts, said: Said, isAddressed: boolean): Promise<void> {
  const { files, messageKey, receivedAtMs, subject } = said;
  // Whoever comes into a thread about something has to look at that first.
  const isAbout = subject !== undefined && said.session === undefined && !said.text.includes(subject);
  const text = isAbout ? `${said.text}\n\n${subject}` : said.text;
  const issue = issueOfTask(subject ?? text);
  const body: MessageBody = { kind: 'text', text, ...(files.length > 0 && { files }) };
  const message = { ...messageOf(said, said.thread, body, isAddressed), showsReactions: true };
  try {
    await receiveMessage(ports, message, ({ session, seq }) => ({
      posts: [
        { ...reactionEntry(session, { seq, messageKey }, 'seen', receivedAtMs), destination: said.thread },
      ],
      ...(seq === 1 && issue !== undefined && { session: { issue } }),
    }));
  } catch (error) {
    // Its session ended meanwhile, and it asks for no new one.
    if (isAddressed || !isFault(error, 'denied')) throw error;
  }
}

/** An answer everybody would read. It is settled for good: told once more, it is no command of somebody who may by then. */
function leaveUnanswered(ports: ChatIngressPorts, said: Said): Promise<void> {
  return receiveAside(ports, said, () => ({ outcome: { kind: 'refused', reason: STRANGER }, posts: [] }));
}

/** Once for each person and thread. */
function refuse(ports: ChatIngressPorts, said: Said): Promise<void> {
  return receiveAside(ports, said, refusedWith(said, REFUSAL));
}

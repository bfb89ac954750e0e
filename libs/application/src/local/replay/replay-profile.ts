import { placeholderPerson } from '@swe/domain';
import type { JournalEntry, JournalEntryOf, UserContent } from '@swe/domain';
import { agentProfile } from '../../agent/agent-profile';
import type { SessionMachine, ToolPorts } from '../../agent/agent-profile';
import { showMessage } from '../../agent/admit-messages';
import type { Admission } from '../../agent/admit-messages';
import type { Briefer } from '../../agent/knowledge/briefer';
import type { AgentProfile } from '../../agent/run-turn';
import { absent } from './absent';
import type { Cassette } from './cassette';
import type { ReplayModels } from './replay-model';
import { replayTools } from './replay-tools';
import type { ReplayTools } from './replay-tools';
import type { Tape } from './tape';

/** The agent as it is everywhere, but for what it learns from outside: that is as it was recorded. */
export function replayProfile(
  cassette: Cassette,
  tape: Tape,
  models: ReplayModels,
): { readonly profile: AgentProfile; readonly tools: ReplayTools } {
  const { session, setup } = cassette;
  const ignore = (): void => undefined;
  const machine = absent<SessionMachine>({
    workspace: absent<SessionMachine['workspace']>({ root: setup.workspaceRoot }),
    processes: absent(),
    pushProcesses: absent(),
    grant: ignore,
    heed: ignore,
  });
  const real = agentProfile(absent<ToolPorts>({ chat: absent() }), machine, session, {
    ripgrepPath: 'rg',
    linksPullRequests: setup.linksPullRequests,
    spending: {
      capNanoUsd: setup.capNanoUsd,
      priceOf: (id) => setup.models[id],
      summariserOf: models.summariserOf,
    },
  });
  const { system, limits, patience, spending, linksPullRequests } = real;
  const tools = replayTools(real.tools, cassette);
  const profile: AgentProfile = {
    system,
    limits,
    patience,
    spending,
    ...(linksPullRequests !== undefined && { linksPullRequests }),
    tools: tools.tools,
    loadRules: tools.loadRules,
    brief: recordedBriefer(tape),
    findUnpushed: async () => tape.ahead(isTurnEnd)?.unpushed ?? [],
    showMessage: recordedMessages(cassette),
    endProcesses: async () => 0,
  };
  return { profile, tools };
}

type TurnEnded = JournalEntry & JournalEntryOf<'state-changed'>;

const isTurnEnd = (entry: JournalEntry): entry is TurnEnded =>
  entry.kind === 'state-changed' && entry.outcome !== undefined;

/** What the organisation told. */
function recordedBriefer(tape: Tape): Briefer {
  return async (run) => {
    const entry = tape.next(run.unwritten.length);
    if (entry?.kind === 'briefed') run.stage({ entries: [entry] });
  };
}

type Admitted = JournalEntry & JournalEntryOf<'message-admitted'>;

/** A message's words are shown as everywhere; what they point to, and its files, as they were found. */
function recordedMessages({ journal }: Cassette): NonNullable<Admission['showMessage']> {
  return async (item, others) => {
    const isOf = (entry: JournalEntry): entry is Admitted =>
      entry.kind === 'message-admitted' && entry.inboxSeq === item.seq;
    const entry = journal.find(isOf);
    if (entry === undefined) return showMessage(item, others, {});
    const { content, files = [] } = entry;
    const isIntroduced = others.some((each) => each !== item.requester);
    const [words, ...more] = isIntroduced ? content.slice(1) : content;
    if (words?.type !== 'text' || more.length > 0 || files.length > 0)
      return { content, files, refusals: [] };
    const plain = { ...item, body: { kind: 'text', text: words.text } } as const;
    const name = isIntroduced ? nameIn(content[0], item.requester) : item.requester;
    const shown = await showMessage(plain, others, {
      directory: { person: async (id) => ({ ...placeholderPerson(id), name }) },
    });
    // Links in it may have led nowhere.
    return { ...shown, content: shown.content.slice(0, isIntroduced ? 2 : 1) };
  };
}

function nameIn(introduction: UserContent | undefined, requester: string): string {
  const words = introduction?.type === 'text' ? introduction.text : '';
  return words.replace(/^\[harness\] /, '').split(` (${requester}) writes:`)[0] ?? requester;
}

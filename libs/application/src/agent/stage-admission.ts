import type { InboxItem } from '@swe/domain';
import { refusalIn } from '../ingress/who-may-policy';
import { showMessage } from './admit-messages';
import type { Admission } from './admit-messages';
import { followWishes } from './follow-wishes';
import { marksOf } from './marks-of';
import { refusalOf, stageRefusal } from './refuse-work';
import { postOf } from './session-run';
import type { WritingPorts } from './agent-ports';
import type { SessionRun } from './session-run';

/** What of an agent admission takes. */
export interface Admitter extends Admission {
  /** Ends what tools left running, and says how many processes that were. */
  endProcesses(): Promise<number>;
}

/** Stages messages, and goes by what commands among them have changed. */
export async function admit(run: SessionRun, items: readonly InboxItem[], profile: Admitter): Promise<void> {
  await stageAdmission(run, items, profile);
  await followWishes(run, items);
}

/**
 * Stages messages as part of the conversation; the write that admits them moves the cursor. One of somebody the agent
 * does not work for is refused. True when a command among them was run.
 */
export async function stageAdmission(
  run: SessionRun<WritingPorts>,
  items: readonly InboxItem[],
  profile: Admitter,
): Promise<boolean> {
  const { clock, observe } = run.ports;
  let ranCommand = false;
  const taken: InboxItem[] = [];
  const refused = new Set<string>();
  const isFirst = run.speakers.length === 0;
  for (const item of await asTheyAreNow(run, items)) {
    const { seq, requester, body, cause } = item;
    const { session, speakers } = run;
    if (item.outcome !== undefined) {
      run.stage({ admitted: [item] });
      continue;
    }
    const refusal = await refusalOf(item, profile.directory);
    if (refusal !== undefined) {
      stageRefusal(run, item, refusal);
      refused.add(requester);
      continue;
    }
    if (body.kind === 'command') {
      ranCommand = true;
      const isPutDown = run.openMessages.length > 0;
      const wasRunning = session.status === 'working' || (await profile.endProcesses()) > 0 || isPutDown;
      const text = commandResult(body.command, wasRunning);
      run.stage({
        admitted: [item],
        outcomes: [{ seq, outcome: { kind: 'command-result', text } }],
        // Nor is what was put down to go on.
        session: { deniedCapNanoUsd: undefined },
        outbox: [
          postOf(run, `${session.id}/command-${seq}`, text),
          ...marksOf(session, [item], 'done', clock.nowMs()),
        ],
      });
      continue;
    }
    const shown = await (profile.showMessage?.(item, speakers) ?? showMessage(item, speakers, profile));
    const { content, refusals, files } = shown;
    const posts = refusals.map((refusal, n) => postOf(run, `${session.id}/file-${seq}-${n}`, refusal));
    const admitted = { kind: 'message-admitted', atMs: clock.nowMs(), inboxSeq: seq, requester } as const;
    run.stage({
      entries: [
        {
          ...admitted,
          ...(cause !== undefined && { cause }),
          content,
          ...(files.length > 0 && { files: [...files] }),
        },
      ],
      admitted: [item],
      outbox: posts,
    });
    taken.push(item);
    const { receivedAtMs, traceparent } = item;
    const traced = traceparent === undefined ? {} : { traceparent };
    observe({ type: 'message.admitted', text: body.text, requester, receivedAtMs, ...traced });
  }
  if (isFirst) await giveToFirst(run, taken, refused);
  // A person whom the agent works for has said something: what it repaired by itself before does not count.
  if (taken.some(({ cause }) => cause === undefined)) run.stage({ session: { repairs: undefined } });
  run.stage({ outbox: marksOf(run.session, taken, 'working', clock.nowMs()) });
  return ranCommand;
}

/** A session that was opened by whom nothing is done for is the first person's whose words are taken up. */
async function giveToFirst(
  run: SessionRun<WritingPorts>,
  taken: readonly InboxItem[],
  refused: ReadonlySet<string>,
): Promise<void> {
  const { id, requester } = run.session;
  const first = taken.find(({ cause }) => cause === undefined);
  if (first === undefined || first.requester === requester) return;
  const isRefused =
    refused.has(requester) || refusalIn(await run.ports.store.readInbox(id, 0), requester) !== undefined;
  if (isRefused) run.stage({ session: { requester: first.requester } });
}

/** They may have been edited or deleted since they arrived; the write that admits them is refused then. */
async function asTheyAreNow(
  run: SessionRun<WritingPorts>,
  items: readonly InboxItem[],
): Promise<readonly InboxItem[]> {
  const [first] = items;
  if (first === undefined) return items;
  const inbox = await run.ports.store.readInbox(run.session.id, first.seq - 1);
  return items.map((item) => inbox.find(({ seq }) => seq === item.seq) ?? item);
}

function commandResult(command: 'stop' | 'end', wasRunning: boolean): string {
  if (command === 'end') return 'Ended.';
  return wasRunning ? 'Stopped.' : 'Nothing was running.';
}

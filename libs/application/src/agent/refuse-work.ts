import type { Directory, InboxItem, OutboxEntry, Person } from '@swe/domain';
import { marksOf } from './marks-of';
import { postOf } from './session-run';
import type { WritingPorts } from './agent-ports';
import type { SessionRun } from './session-run';
import { workRefusal } from './who-may-work-policy';

/** Why nothing is done for whoever sent a message, in words for them; undefined when something is. */
export async function refusalOf(
  { requester, messageKey }: Pick<InboxItem, 'requester' | 'messageKey'>,
  directory: Pick<Directory, 'person'> | undefined,
): Promise<string | undefined> {
  return directory === undefined ? undefined : workRefusal(await directory.person(requester, messageKey));
}

/** Stages a message's end as refused. Its sender alone is told, once in a session: the effect key says so. */
export function stageRefusal(run: SessionRun<WritingPorts>, item: InboxItem, reason: string): void {
  const { session, ports } = run;
  const outcome = { kind: 'refused', reason } as const;
  const told: OutboxEntry = {
    ...postOf(run, `${session.id}/refused-${item.requester}`, reason),
    onlyFor: item.requester,
  };
  run.stage({
    admitted: [{ ...item, outcome }],
    outcomes: [{ seq: item.seq, outcome }],
    outbox: [told, ...marksOf(session, [item], 'failed', ports.clock.nowMs())],
    // Nor does what they wished for before anybody looked, in a session that is theirs by its first words.
    ...(item.seq === 1 && {
      session: { capNanoUsd: undefined, wishedModel: undefined, wishedAgent: undefined },
    }),
  });
}

/** A directory that says the same of a person each time: what was decided by it stays as it was decided. */
export function rememberingDirectory(directory: Pick<Directory, 'person'>): Pick<Directory, 'person'> {
  const asked = new Map<string, Promise<Person>>();
  return {
    person(id, place) {
      const question = JSON.stringify([id, place]);
      const person = asked.get(question) ?? directory.person(id, place);
      asked.set(question, person);
      return person;
    },
  };
}

import type { HostEvent, HostEvents } from '@swe/domain';
import { openMemoryHostEvents } from '../memory/open-memory-host-events';
import { hostEventsContract } from './host-events.contract';
import type { HostEventsSubject } from './host-events.contract';
import { override } from '../memory/override';
import { proveBites } from './run-contract';

function broken(
  changesOf: (events: HostEvents) => Partial<HostEvents>,
  changed: Partial<HostEventsSubject> = {},
) {
  return () => {
    const subject = openMemoryHostEvents();
    const events = override<HostEvents>(subject.events, changesOf(subject.events));
    return { subject: { ...subject, ...changed, events } };
  };
}

let reads = 0;
const renamed = (event: HostEvent): HostEvent => {
  reads += 1;
  return event.kind === 'said' || event.kind === 'edited'
    ? event
    : { ...event, eventKey: `${event.eventKey}/${reads}` };
};

proveBites('HostEvents', hostEventsContract, {
  'what is read has the identity that its delivery has, however often it is read': broken((events) => ({
    pullRequestEvents: async (ref, sinceMs) => (await events.pullRequestEvents(ref, sinceMs)).map(renamed),
  })),
  'an issue and a pull request tell what was said in them with a mention of the agent, from a time on':
    broken((events) => ({ issueEvents: (ref) => events.issueEvents(ref, 0) })),
  'what its writer edited since is told as an edit, what somebody else edited not at all': broken(
    (events) => ({
      issueEvents: async (ref, sinceMs) =>
        (await events.issueEvents(ref, sinceMs)).filter(({ kind }) => kind === 'said'),
    }),
  ),
  'a pull request tells what was said of its lines, as it tells what was said in it': broken((events) => ({
    pullRequestEvents: async (ref, sinceMs) =>
      (await events.pullRequestEvents(ref, sinceMs)).filter(({ kind }) => kind !== 'said'),
  })),
  "a pull request tells of reviews from a time on, of its head's checks and statuses that are over, and how it ended":
    broken((events) => ({
      pullRequestEvents: async (ref, sinceMs) =>
        (await events.pullRequestEvents(ref, sinceMs)).filter(({ kind }) => kind !== 'checks-finished'),
    })),
  'what the agent did itself is left out': () => {
    const subject = openMemoryHostEvents();
    return { subject: { ...subject, merge: () => subject.merge('ada') } };
  },
  'an unknown repository, issue or pull request is `missing`': broken(() => ({
    issueEvents: async () => [],
  })),
});

import type { HostEvent } from '@swe/domain';
import type { HostActor, HostEventsSubject } from '../contracts';
import { ManualClock } from './manual-clock';
import { MemoryHostEvents } from './memory-host-events';

const REPOSITORY = 'https://host/acme/shop';
const WORKSPACE = 'github:host/acme/shop';
const ADA = 'github:ada';

/** Memory events of a host with what their contract wants beside it. */
export function openMemoryHostEvents(
  events = new MemoryHostEvents(),
): HostEventsSubject & { readonly events: MemoryHostEvents } {
  const clock = new ManualClock();
  const issue = { repository: REPOSITORY, number: 1 };
  const pullRequest = { repository: REPOSITORY, number: 2 };
  events.addIssue(issue);
  events.addPullRequest(pullRequest);
  const delivered: string[] = [];
  const at = () => ({ workspace: WORKSPACE, requester: ADA, isBot: false, receivedAtMs: clock.nowMs() });
  const ofPull = () => ({
    ...at(),
    ...pullRequest,
    origin: `${WORKSPACE}/2`,
    headBranch: 'swe/1',
    headSha: 'a'.repeat(40),
  });
  const happen = (by: HostActor, ref: typeof issue, make: (key: string) => HostEvent) => {
    if (by === 'agent') return;
    const key = `${WORKSPACE}/happened/${delivered.length + 1}`;
    delivered.push(key);
    events.happen(ref, make(key), clock.nowMs());
  };
  let last: { readonly ref: typeof issue; readonly messageKey: string } | undefined;
  const finish = (state: 'success' | 'failure'): void => {
    const { repository, headBranch, headSha } = ofPull();
    const checks = { repository, headBranch, headSha, state };
    happen('ada', pullRequest, (eventKey) => ({ kind: 'checks-finished', ...at(), ...checks, eventKey }));
  };
  return {
    events,
    issue,
    pullRequest,
    delivered: async () => delivered,
    nowMs: () => clock.nowMs(),
    pass: (ms) => clock.advance(ms),
    say: async (ref, by, { text, mentions }) => {
      if (!mentions) return;
      const origin = `${WORKSPACE}/${ref.number}`;
      const said = { kind: 'said', ...at(), origin, text, files: [], isAddressed: true } as const;
      happen(by, ref, (messageKey) => {
        last = { ref, messageKey };
        return { ...said, messageKey };
      });
    },
    edit: async (by, { text }) => {
      if (last === undefined) throw new Error('nothing was said');
      const { ref, messageKey } = last;
      events.forget(ref, messageKey);
      const origin = `${WORKSPACE}/${ref.number}`;
      const edited = { kind: 'edited', ...at(), origin, text, files: [], isAddressed: true } as const;
      happen(by, ref, (editKey) => ({ ...edited, messageKey, editKey }));
    },
    sayOfLine: async (by, { text, mentions }) => {
      if (!mentions) return;
      const said = { kind: 'said', ...at(), text, files: [], isAddressed: true } as const;
      happen(by, pullRequest, (messageKey) => ({ ...said, origin: `${WORKSPACE}/2`, messageKey }));
    },
    setStatus: async (state) => {
      if (state !== 'pending') finish(state);
    },
    review: async (by, body) => {
      const review = { state: 'changes-requested', body, isAddressed: false } as const;
      happen(by, pullRequest, (eventKey) => ({ kind: 'reviewed', ...ofPull(), ...review, eventKey }));
    },
    finishChecks: async (state) => finish(state),
    merge: async (by) => {
      happen(by, pullRequest, (eventKey) => ({
        kind: 'pull-request-closed',
        ...ofPull(),
        isMerged: true,
        eventKey,
      }));
    },
  };
}

import { describe, expect, it } from '@jest/globals';
import { newSession } from '@swe/domain';
import type { IncomingMessage, InboxItem, Lease, Session, Worker } from '@swe/domain';
import { decide, DEFAULT_MANAGER_TIMING } from './reconcile-policy';
import type { Action } from './reconcile-policy';

const NOW_MS = 1_000_000;
const { leaseTtlMs } = DEFAULT_MANAGER_TIMING;
const body = { kind: 'text', text: 'Go.' } as const;
const from = { origin: 'terminal:1', requester: 'local:ada', addressed: true } as const;
const message: IncomingMessage = { ...from, messageKey: 'm', body, receivedAtMs: 0 };
/** A session on its third machine. */
const session: Session = { ...newSession(message, 1), generation: 3, status: 'waiting' };

const text: InboxItem = {
  seq: 1,
  revision: 0,
  messageKey: 'm',
  requester: 'local:ada',
  body,
  receivedAtMs: NOW_MS,
};
const old: InboxItem = { ...text, receivedAtMs: NOW_MS - 10 * leaseTtlMs };
const stop: InboxItem = { ...text, body: { kind: 'command', command: 'stop' } };
const deleted: InboxItem = { ...text, outcome: { kind: 'cancelled' } };

const held: Lease = { sessionId: session.id, holder: 'agent', generation: 3, fence: 5, revision: 9 };
const ofTheDead: Lease = { ...held, generation: 2 };
const seen = (agoMs: number, revision = 9) => ({
  leaseSeen: { fence: 5, revision, atMs: NOW_MS - agoMs },
});

const worker = (state: Worker['state'], generation = 3): Worker => ({
  sessionId: session.id,
  generation,
  workerId: 'w',
  state,
});
const up = worker('running');
const down = worker('stopped');

interface Given {
  readonly change?: Partial<Session>;
  readonly lease?: Lease;
  readonly inbox?: readonly InboxItem[];
  readonly worker?: Worker;
}

const decided = ({ change, lease, inbox = [], worker: machine }: Given): Action =>
  decide(
    { session: { ...session, ...change }, lease, inbox, worker: machine },
    DEFAULT_MANAGER_TIMING,
    NOW_MS,
  );

const rows = (cases: readonly (readonly [string, Given, Action])[]): void =>
  it.each(cases)('%s', (_name, given, action) => expect(decided(given)).toBe(action));

describe('a held lease', () => {
  rows([
    ['seen for the first time is watched', { lease: held, worker: up }, 'watch-lease'],
    [
      'that moved since is watched on',
      { lease: held, worker: up, change: seen(leaseTtlMs, 8) },
      'watch-lease',
    ],
    ['unmoved for less than its time is waited for', { lease: held, worker: up, change: seen(1) }, 'nothing'],
    [
      'unmoved for its whole time has no holder',
      { lease: held, worker: up, change: seen(leaseTtlMs) },
      'start',
    ],
    ['of a machine that is down has no holder', { lease: held, worker: down }, 'start'],
    [
      'of a machine that is down waits for the next try',
      { lease: held, worker: down, change: { retryAtMs: NOW_MS + 1 } },
      'nothing',
    ],
    ['keeps messages for its holder', { lease: held, worker: up, inbox: [old], change: seen(1) }, 'nothing'],
    ['of a machine before this one is unfinished work', { lease: ofTheDead, worker: down }, 'start'],
  ]);
});

describe('a message', () => {
  rows([
    ['starts a machine when there is none', { inbox: [text] }, 'start'],
    ['starts a stopped machine', { inbox: [text], worker: down }, 'start'],
    ['is left to a machine that is up', { inbox: [text], worker: up }, 'nothing'],
    ['that a machine does not take is given to the next one', { inbox: [old], worker: up }, 'start'],
    [
      'waits for the time to try again',
      { inbox: [text], change: { status: 'queued', retryAtMs: NOW_MS + 1 } },
      'nothing',
    ],
    [
      'is tried again at that time',
      { inbox: [text], change: { status: 'queued', retryAtMs: NOW_MS } },
      'start',
    ],
    [
      'waits for a machine that somebody just makes',
      { inbox: [text], change: { status: 'starting', manageAtMs: NOW_MS + 1 }, worker: worker('stopped', 2) },
      'nothing',
    ],
    [
      'does not wait for a machine that died while it started',
      { inbox: [text], change: { status: 'starting', manageAtMs: NOW_MS + 1 }, worker: worker('terminated') },
      'start',
    ],
    [
      'waits for a machine that starts',
      { inbox: [old], change: { status: 'starting', manageAtMs: NOW_MS + 1 }, worker: worker('starting') },
      'nothing',
    ],
    [
      'does not wait longer than a start may take',
      { inbox: [old], change: { status: 'starting', manageAtMs: NOW_MS }, worker: worker('starting') },
      'start',
    ],
    [
      'that comes while the machine is being stopped has it stopped first',
      { inbox: [text], change: { stopping: true }, worker: worker('stopping') },
      'stop',
    ],
    [
      'that came then starts the stopped machine again',
      { inbox: [text], change: { stopping: true }, worker: down },
      'start',
    ],
    ['that was deleted starts nothing', { inbox: [deleted] }, 'run-commands'],
    [
      'does not wait for what its session waits for',
      { inbox: [text], worker: down, change: { status: 'asleep', wakeAtMs: NOW_MS + 1 } },
      'start',
    ],
    [
      'that a machine does not take is given to the next one, however late it was to wake',
      { inbox: [old], worker: up, change: { wakeAtMs: NOW_MS + 1 } },
      'start',
    ],
  ]);
});

describe('a command', () => {
  rows([
    ['needs no machine', { inbox: [stop] }, 'run-commands'],
    ['needs none that sleeps', { inbox: [stop], worker: down }, 'run-commands'],
    ['is left to a machine that is up', { inbox: [stop], worker: up }, 'nothing'],
    [
      'waits for a machine that is being stopped',
      { inbox: [stop], worker: up, change: { stopping: true } },
      'stop',
    ],
    [
      'needs no machine that was stopped, once it is seen so',
      { inbox: [stop], worker: down, change: { stopping: true } },
      'put-to-sleep',
    ],
    ['beside a message goes to the machine with it', { inbox: [stop, text] }, 'start'],
    [
      'needs no machine to end a wait',
      { inbox: [stop], worker: down, change: { status: 'asleep', wakeAtMs: NOW_MS + 1 } },
      'run-commands',
    ],
  ]);
});

describe('a session that waits', () => {
  const waiting = { status: 'asleep', wakeAtMs: NOW_MS + 1 } as const;
  rows([
    [
      'has its machine stopped at once',
      { worker: up, change: { ...waiting, manageAtMs: NOW_MS } },
      'begin-stop',
    ],
    ['has no machine started before its time', { worker: down, change: waiting }, 'nothing'],
    ['has none started either where none is kept', { change: waiting }, 'nothing'],
    [
      'loses its machine when that was stopped for long',
      { worker: down, change: { ...waiting, manageAtMs: NOW_MS } },
      'terminate',
    ],
    ['wakes in time', { worker: down, change: { ...waiting, wakeAtMs: NOW_MS } }, 'start'],
    ['wakes in time without a machine', { change: { ...waiting, wakeAtMs: NOW_MS } }, 'start'],
    [
      'is left to a machine that is still up then',
      { worker: up, change: { ...waiting, wakeAtMs: NOW_MS } },
      'nothing',
    ],
    [
      'is not left for long to one that does not wake',
      { worker: up, change: { ...waiting, wakeAtMs: NOW_MS - 10 * leaseTtlMs } },
      'start',
    ],
    [
      'has a machine stopped first that is about to be',
      { worker: up, change: { ...waiting, wakeAtMs: NOW_MS, stopping: true } },
      'stop',
    ],
    [
      'waits for the time to try again, when there was no machine',
      { worker: down, change: { ...waiting, wakeAtMs: NOW_MS, retryAtMs: NOW_MS + 1 } },
      'nothing',
    ],
  ]);
});

describe('a session without work', () => {
  const isTime = { manageAtMs: NOW_MS };
  rows([
    ['is left alone until its time', { worker: up, change: { manageAtMs: NOW_MS + 1 } }, 'nothing'],
    ['has its machine stopped', { worker: up, change: isTime }, 'begin-stop'],
    ['is asked again to stop', { worker: up, change: { ...isTime, stopping: true } }, 'stop'],
    [
      'sleeps once it is seen stopped',
      { worker: down, change: { ...isTime, stopping: true } },
      'put-to-sleep',
    ],
    ['loses its machine when that was stopped for long', { worker: down, change: isTime }, 'terminate'],
    [
      'sleeps as well when somebody else stopped its machine',
      { worker: down, change: { ...isTime, status: 'draining' } },
      'put-to-sleep',
    ],
    ['needs no look when it has none', { change: isTime }, 'put-to-sleep'],
    ['wakes when its time has come', { worker: down, change: { wakeAtMs: NOW_MS } }, 'start'],
    ['that ended has its machine terminated', { worker: down, change: { status: 'ended' } }, 'terminate'],
    [
      'that ended and has none needs no further look',
      { worker: worker('terminated'), change: { status: 'ended', manageAtMs: 1 } },
      'put-to-sleep',
    ],
    [
      'that ended is left alone then',
      { worker: worker('terminated'), change: { status: 'ended' } },
      'nothing',
    ],
    [
      'that ended is left to its agent, which saves its last work',
      { lease: held, worker: up, change: { status: 'ended', ...seen(1) } },
      'nothing',
    ],
    [
      'that ended has the lease of a silent agent freed',
      { lease: held, worker: up, change: { status: 'ended', ...seen(leaseTtlMs) } },
      'free-lease',
    ],
    [
      'that ended has the lease of a dead machine freed',
      { lease: held, worker: down, change: { status: 'ended' } },
      'free-lease',
    ],
    [
      'that ended has the lease of an older machine freed',
      { lease: ofTheDead, worker: down, change: { status: 'ended' } },
      'free-lease',
    ],
  ]);
});

import type { Session } from '@swe/domain';
import type { Cassette } from './cassette';
import { driftBetween } from './drift';
import type { Drift } from './drift';
import { happeningsOf } from './happenings';
import type { Happening } from './happenings';
import { replayClock } from './replay-clock';
import { replayLedger } from './replay-ledger';
import { foundAtStart, IDLE_MS, startProcess } from './replay-process';
import type { ReplayProcess, ReplayStore } from './replay-process';
import { createTape } from './tape';
import type { HeldTo } from './tape';

/** What came of a replay. */
export interface Replay {
  /** Where it first did something else than was recorded; undefined when it never did. */
  readonly drift: Drift | undefined;
  /** The cassette as it would have to be for this replay: whole only without a drift. */
  readonly recorded: Cassette;
}

/**
 * Runs the session of a cassette by the code that runs all sessions, and compares what it does with what is recorded:
 * its requests to models, its journal, its posts. What comes from outside comes one thing at a time, in the order in which
 * it came. `settle` resolves when all that was started waits for something.
 */
export async function replayCassette(
  cassette: Cassette,
  settle: () => Promise<void>,
  heldTo: HeldTo = 'everything',
): Promise<Replay> {
  const tape = createTape(cassette, heldTo);
  const startMs = Math.min(cassette.session.createdAtMs, cassette.journal[0]?.atMs ?? Infinity);
  const clock = replayClock(startMs, settle);
  const store: ReplayStore = {
    session: sessionAtFirst(cassette),
    inbox: [],
    tape,
    clock,
    ledger: replayLedger(tape),
  };
  let process: ReplayProcess | undefined;

  function start(): ReplayProcess {
    process?.kill();
    const next = tape.next();
    const found = foundAtStart(tape.next);
    if (next?.kind === 'state-changed') {
      store.session = { ...store.session, status: found > 0 ? next.to : next.from };
    }
    tape.give(found);
    process = startProcess(cassette, store);
    return process;
  }

  /** The process that something happens to. */
  async function alive(): Promise<ReplayProcess> {
    if (process !== undefined && !process.isOver) return process;
    const started = start();
    await settle();
    return started;
  }

  function isAwaited(happening: Happening): boolean {
    if (happening.what === 'model-answered') return process?.models.isAsked === true;
    return happening.what === 'tool-finished' && process?.tools.waiting.has(happening.entry.callId) === true;
  }

  async function perform(happening: Happening): Promise<void> {
    switch (happening.what) {
      case 'process-started':
        // Whatever was there is gone.
        process?.kill();
        store.inbox.push(...happening.found);
        start();
        return;
      case 'message-arrived':
        store.inbox.push(happening.item);
        if (process !== undefined) (await alive()).hint();
        return;
      case 'others-wrote': {
        process?.kill();
        process = undefined;
        if (tape.written.length !== happening.at) return tape.end();
        tape.give(happening.count);
        const last = tape.written.at(-1);
        const status = last?.kind === 'state-changed' ? last.to : store.session.status;
        store.session = { ...store.session, status, cursor: store.inbox.length };
        return;
      }
      case 'idle-elapsed':
        return clock.wake(IDLE_MS);
      case 'model-answered': {
        const { models } = await alive();
        if (tape.drift !== undefined) return;
        if (models.isAsked) return models.answer(happening.entry);
        return tape.fail(
          driftBetween(`model call ${happening.entry.callNumber}`, 'the call is made', 'it is not'),
        );
      }
      case 'tool-finished': {
        const { entry } = happening;
        const { tools, hasResult } = await alive();
        if (tape.drift !== undefined || hasResult(entry.callId)) return;
        const call = tools.waiting.get(entry.callId);
        if (call?.name === entry.name) return tools.finish(entry);
        const came = `${call?.name ?? 'no such call'}; under way: ${[...tools.waiting.keys()].join(', ') || 'none'}`;
        return tape.fail(driftBetween(`the result of ${entry.callId}`, `${entry.name} is under way`, came));
      }
      case 'tools-waited':
        return (await alive()).tools.wait({ untilMs: happening.untilMs, reason: happening.reason });
      case 'effect-begun':
        return (await alive()).tools.beginEffect(happening.entry);
      case 'effect-done':
        return (await alive()).tools.finishEffect(happening.entry);
    }
  }

  for (const happening of happeningsOf(cassette.journal, cassette.inbox)) {
    await settle();
    // What is waited for came before anybody lost patience with it.
    if (isAwaited(happening)) clock.jump(happening.atMs);
    else await clock.advance(happening.atMs);
    if (tape.drift !== undefined) break;
    await perform(happening);
  }
  await settle();
  tape.end();
  process?.kill();
  return { drift: tape.drift, recorded: tape.recorded() };
}

function sessionAtFirst({ session, journal }: Cassette): Session {
  const first = journal.find((entry) => entry.kind === 'state-changed');
  return {
    ...session,
    revision: 0,
    status: first?.kind === 'state-changed' ? first.from : 'starting',
    pullRequests: [],
    totals: {
      steps: 0,
      usage: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 },
    },
    cursor: 0,
    generation: 1,
    updatedAtMs: session.createdAtMs,
  };
}

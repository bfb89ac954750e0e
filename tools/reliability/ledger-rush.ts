import { settleLeftCalls } from '@swe/application/agent';
import { isFault } from '@swe/domain';
import type { Ledger, LedgerReport, LedgerScope } from '@swe/domain';
import { chanceOf } from './chance';

export interface RushOptions {
  readonly sessions: number;
  /** Off for the control: calls go out with nothing set aside for them. */
  readonly reserves?: boolean;
  /** Every so many settled or denied calls the shared scope is looked at. */
  readonly lookEvery?: number;
}

export interface RushResult {
  readonly capNanoUsd: number;
  /** The most that was reserved and spent together at any look. */
  readonly mostNanoUsd: number;
  readonly denied: number;
  readonly deaths: number;
  /** What the provider bills for calls whose usage was counted. */
  readonly reportedNanoUsd: number;
  /** What it bills for those whose process died before that. */
  readonly unreportedNanoUsd: number;
  /** The worst case of these. */
  readonly estimatedNanoUsd: number;
  /** How the shared scope ends. */
  readonly report: LedgerReport;
}

const SHARED = 'month:2026-11';
const MOST_NANO_USD = 1_000;
const MOST_LIVES = 50;

/** Where a process dies: its write is done or not, and it never learns which. */
interface Death {
  readonly at: 'reserve' | 'settle';
  readonly when: 'before' | 'after';
}

class Killed extends Error {}

/**
 * Sessions that all want to make a model call at once, against one cap that holds for about half of them. Half of their
 * processes die in the middle of setting aside or counting; each has a successor that closes what was left, and, where
 * its call had not gone out, makes it. `ledgers` are the connections that they share.
 */
export async function ledgerRush(
  ledgers: readonly [Ledger, ...Ledger[]],
  seed: number,
  { sessions, reserves = true, lookEvery = 1 }: RushOptions,
): Promise<RushResult> {
  const capNanoUsd = Math.round((sessions * MOST_NANO_USD) / 8);
  const shared: LedgerScope = { name: SHARED, capNanoUsd };
  const counted = { denied: 0, deaths: 0, reportedNanoUsd: 0, unreportedNanoUsd: 0, estimatedNanoUsd: 0 };
  const [first] = ledgers;
  let mostNanoUsd = 0;
  let ends = 0;

  async function look(): Promise<void> {
    ends += 1;
    if (ends % lookEvery > 0) return;
    const { reservedNanoUsd, spentNanoUsd } = await first.report(SHARED);
    mostNanoUsd = Math.max(mostNanoUsd, reservedNanoUsd + spentNanoUsd);
  }

  async function work(i: number): Promise<void> {
    const chance = chanceOf(seed * 1_000_003 + i);
    const sessionId = `s${i}`;
    const scopes = [{ name: `session:${sessionId}` }, shared];
    const worstNanoUsd = 1 + chance.integer(MOST_NANO_USD);
    const billNanoUsd = chance.integer(worstNanoUsd + 1);
    const key = { sessionId, callNumber: 1 };
    let hasGoneOut = false;
    for (let life = 0; life < MOST_LIVES; life += 1) {
      const death: Death | undefined = chance.happens(0.5)
        ? { at: chance.oneOf(['reserve', 'settle']), when: chance.oneOf(['before', 'after']) }
        : undefined;
      const dies = (at: Death['at'], when: Death['when']): void => {
        if (death?.at !== at || death.when !== when) return;
        counted.deaths += 1;
        throw new Killed();
      };
      const ledger = chance.oneOf(ledgers);
      try {
        const left = { session: { id: sessionId }, callNumber: hasGoneOut ? 1 : 0, billOf: () => undefined };
        await settleLeftCalls(ledger, left);
        if (hasGoneOut) return;
        dies('reserve', 'before');
        await ledger.reserve(key, scopes, reserves ? worstNanoUsd : 0);
        await look();
        dies('reserve', 'after');
        hasGoneOut = true;
        try {
          dies('settle', 'before');
          await ledger.settle(key, billNanoUsd, false);
          counted.reportedNanoUsd += billNanoUsd;
        } catch (error) {
          counted.unreportedNanoUsd += billNanoUsd;
          counted.estimatedNanoUsd += worstNanoUsd;
          throw error;
        }
        dies('settle', 'after');
        return await look();
      } catch (error) {
        if (isFault(error, 'denied')) {
          counted.denied += 1;
          return await look();
        }
        // A store that is too busy ends a process as well.
        if (!(error instanceof Killed) && !isFault(error, 'transient', 'throttled')) throw error;
      }
    }
    throw new Error(`session ${sessionId} never got through`);
  }

  await Promise.all(Array.from({ length: sessions }, (_, i) => work(i)));
  return { ...counted, capNanoUsd, mostNanoUsd, report: await first.report(SHARED) };
}

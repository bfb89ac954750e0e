import type { Clock, LanguageModel } from '@swe/domain';
import { lookOnce } from './look-once';

/** One thing that is needed. `look` says what it found, or throws. */
export interface Probe {
  readonly step: string;
  /** Steps without which this one can't be looked at: where one of them fails, it is passed over. */
  readonly needs?: readonly string[];
  /** What to do when it fails. */
  readonly advice: string;
  look(signal: AbortSignal): Promise<string>;
}

export interface Finding {
  readonly step: string;
  readonly ok: boolean;
  /** It was not looked at, for want of what it needs. */
  readonly isPassedOver?: true;
  readonly detail: string;
}

/**
 * Looks at one thing after the other, tells of each at once, and says whether all is well. Nothing hangs it. Throws
 * `cancelled` once `stop` is aborted, and looks at nothing more.
 */
export async function examine(
  probes: readonly Probe[],
  clock: Pick<Clock, 'sleep'>,
  onFinding: (finding: Finding) => void,
  stop: AbortSignal = new AbortController().signal,
): Promise<boolean> {
  const lacking = new Set<string>();
  for (const { step, advice, look, needs = [] } of probes) {
    const lack = needs.find((need) => lacking.has(need));
    if (lack !== undefined) {
      lacking.add(step);
      onFinding({ step, ok: false, isPassedOver: true, detail: `needs: ${lack}` });
      continue;
    }
    try {
      onFinding({ step, ok: true, detail: await lookOnce(look, clock, stop) });
    } catch (error) {
      if (stop.aborted) throw error;
      lacking.add(step);
      const reason = Error.isError(error) ? error.message : String(error);
      onFinding({ step, ok: false, detail: `${reason.replace(/[.\s]*$/, '')}. ${advice}` });
    }
  }
  return lacking.size === 0;
}

/** Has a model answer one word: its key, its address and its id are right when it does. */
export async function askForAWord(model: LanguageModel, signal: AbortSignal): Promise<string> {
  const request = {
    system: 'Answer with one word.',
    tools: [],
    messages: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Are you there?' }] }],
    maxOutputTokens: 64,
  };
  for await (const event of model.stream(request, signal)) {
    if (event.type !== 'finished') continue;
    if (event.stop === 'error') throw new Error(event.failure?.message ?? 'it failed without a reason');
    return `${model.id} answers`;
  }
  throw new Error('it ended without an answer');
}

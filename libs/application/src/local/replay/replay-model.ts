import type { JournalEntry, JournalEntryOf, LanguageModel, ModelFinished } from '@swe/domain';
import type { Cassette } from './cassette';
import type { Tape } from './tape';

/** Models that answer as they were recorded, and whoever waits for an answer of theirs. */
export interface ReplayModels {
  readonly models: readonly [LanguageModel, ...LanguageModel[]];
  openModel(id: string): Promise<LanguageModel>;
  /** Who is to sum up next, if anybody is. */
  summariserOf(): string | undefined;
  readonly isAsked: boolean;
  answer(entry: JournalEntryOf<'model-call-finished'>): void;
}

type Started = JournalEntry & JournalEntryOf<'model-call-started'>;
const isStarted = (entry: JournalEntry): entry is Started => entry.kind === 'model-call-started';
const isStep = (entry: JournalEntry): entry is Started => isStarted(entry) && entry.purpose === undefined;

/** `halted` never resolves: nothing is answered behind a drift. */
export function replayModels({ journal }: Cassette, tape: Tape, halted: Promise<never>): ReplayModels {
  let asked: ((finished: ModelFinished) => void) | undefined;
  let lastId = 'none/none';

  function modelOf(id: string): LanguageModel {
    return {
      id,
      async *stream(request) {
        tape.request(tape.written.findLast(isStarted)?.callNumber ?? 0, request);
        if (tape.drift !== undefined) await halted;
        yield await new Promise<ModelFinished>((resolve) => (asked = resolve));
      },
    };
  }

  /** Which model is asked others chose, by settings that may be others now. */
  function next(): LanguageModel {
    lastId = tape.ahead(isStep)?.model ?? lastId;
    return modelOf(lastId);
  }

  const count = new Set(journal.filter(isStep).map(({ model }) => model)).size;
  const models: [LanguageModel, ...LanguageModel[]] = [next(), ...Array.from({ length: count - 1 }, next)];
  for (const at of models.keys()) Object.defineProperty(models, at, { get: next });

  return {
    models,
    openModel: async (id) => modelOf(id),
    summariserOf() {
      const started = tape.ahead(isStarted);
      return started?.purpose === undefined ? undefined : started.model;
    },
    get isAsked() {
      return asked !== undefined;
    },
    answer(entry) {
      const { stop, content, usage } = entry;
      asked?.({
        type: 'finished',
        stop,
        content,
        usage,
        ...(stop === 'error' && { failure: failureOf(entry, journal) }),
      });
      asked = undefined;
    },
  };
}

/** The kind of a failure is not journalled: what was done about it tells enough of it. */
function failureOf(
  { callNumber, model, failure: message = 'unknown failure', atMs }: JournalEntryOf<'model-call-finished'>,
  journal: readonly JournalEntry[],
): NonNullable<ModelFinished['failure']> {
  const at = journal.findIndex(
    (entry) => entry.kind === 'model-call-finished' && entry.callNumber === callNumber,
  );
  for (const entry of journal.slice(at + 1)) {
    if (entry.kind === 'wait-until') {
      return { kind: 'transient', message, retryAfterMs: entry.wakeAtMs - atMs };
    }
    if (isStep(entry)) return { kind: entry.model === model ? 'transient' : 'invalid', message };
    if (entry.kind === 'state-changed' && entry.outcome !== undefined) return { kind: 'invalid', message };
  }
  return { kind: 'transient', message };
}

import type { CutText, FollowedEvent, LiveEvent, OutcomeResource, SessionEvent } from '@swe/domain/api';
import { spanOf, waitingSince } from './timeline-view';
import type { Span } from './timeline-view';

type EventOf<T extends SessionEvent['type']> = Extract<SessionEvent, { type: T }>;
export type JsonInput = NonNullable<EventOf<'step.finished'>['calls']>[number]['input'];

/** A tool's call, from the model's wish to its result. */
export interface CallView {
  readonly callId: string;
  readonly name: string;
  readonly input: JsonInput;
  /** The end of what it printed so far, while it runs. */
  readonly printed?: string;
  readonly result?: {
    readonly isError: boolean;
    readonly durationMs: number;
    readonly command?: string | undefined;
    readonly exitCode?: number | null | undefined;
    readonly output?: CutText | undefined;
  };
}

export type Note = 'compacted' | 'saved' | 'restored' | 'going-round' | 'asked-about-round' | 'empty-answer';

/** A piece of the transcript, as it is drawn. */
export type Row = { readonly key: string; readonly at: string } & (
  | { readonly kind: 'message'; readonly requester: string; readonly text: CutText }
  | {
      readonly kind: 'step';
      readonly step: number;
      readonly model: string;
      readonly text: string;
      readonly durationMs: number;
      readonly costUsd?: number | undefined;
      readonly failure?: string | undefined;
    }
  /** The end of an answer that is being written. */
  | { readonly kind: 'words'; readonly step: number; readonly text: string }
  | { readonly kind: 'call'; readonly call: CallView }
  | { readonly kind: 'note'; readonly note: Note }
  | { readonly kind: 'waiting'; readonly reason: string }
  | { readonly kind: 'outcome'; readonly outcome: OutcomeResource; readonly isSaid: boolean }
);

export interface PlanItem {
  readonly text: string;
  readonly status: 'open' | 'doing' | 'done';
}

/** What a session came to, by its events. */
export interface TranscriptView {
  readonly rows: readonly Row[];
  readonly plan: readonly PlanItem[];
  /** What was run in shells, in order. */
  readonly commands: readonly CallView[];
  /** What its time went into, in the order in which it ended. */
  readonly spans: readonly Span[];
}

export const EMPTY: TranscriptView = { rows: [], plan: [], commands: [], spans: [] };

/** Grows a view of a session, event by event; each view that was given stays as it was. */
export class TranscriptBuilder {
  #rows: Row[] = [];
  #plan: readonly PlanItem[] = [];
  #commands: CallView[] = [];
  #spans: Span[] = [];
  /** Where a call's row is, while it runs. */
  readonly #open = new Map<string, number>();
  #model = '';
  #lastText = '';
  #waitingSinceMs: number | undefined;
  #lastStep = 0;
  #live: LiveEvent | undefined;

  add(events: readonly FollowedEvent[]): TranscriptView {
    this.#rows = [...this.#rows];
    this.#commands = [...this.#commands];
    this.#spans = [...this.#spans];
    for (const event of events) {
      if (event.type === 'live') {
        this.#live = event;
        continue;
      }
      this.#addSpan(event);
      this.#addOne(event);
    }
    return { rows: this.#withLive(), plan: this.#plan, commands: this.#commands, spans: this.#spans };
  }

  /** What is under way, but for what an event says by now; it may be told before the event that it belongs to. */
  #withLive(): readonly Row[] {
    const { step, running = [] } = this.#live ?? {};
    const rows = [...this.#rows];
    for (const { callId, output: printed } of running) {
      const place = this.#open.get(callId) ?? -1;
      const row = rows[place];
      if (row?.kind === 'call') rows[place] = { ...row, call: { ...row.call, printed } };
    }
    const isWritten = step !== undefined && step.step > this.#lastStep;
    return isWritten ? [...rows, { key: 'words', at: '', kind: 'words', ...step }] : rows;
  }

  #addSpan(event: SessionEvent): void {
    const span = spanOf(event, this.#waitingSinceMs);
    if (span !== undefined) this.#spans.push(span);
    this.#waitingSinceMs = waitingSince(event, this.#waitingSinceMs);
  }

  #addOne(event: SessionEvent): void {
    const head = { key: String(event.seq), at: event.at };
    switch (event.type) {
      case 'message.admitted': {
        const { requester, said: text = { text: '', leftOut: 0 } } = event;
        this.#rows.push({ ...head, kind: 'message', requester, text });
        return;
      }
      case 'step.started':
        this.#model = event.model;
        return;
      case 'step.finished':
        return this.#addStep(event);
      case 'tool.finished':
        return this.#finishCall(event);
      case 'harness.noted':
        this.#rows.push({ ...head, kind: 'note', note: event.cause });
        return;
      case 'context.compacted':
        this.#rows.push({ ...head, kind: 'note', note: 'compacted' });
        return;
      case 'checkpoint.restored':
        this.#rows.push({ ...head, kind: 'note', note: 'restored' });
        return;
      case 'session.waiting':
        this.#rows.push({ ...head, kind: 'waiting', reason: event.reason });
        return;
      case 'status.changed':
        return this.#changeStatus(event);
      default:
        return;
    }
  }

  #addStep({ seq, at, ...event }: EventOf<'step.finished'>): void {
    const { step, text, durationMs, costUsd, failure, calls = [] } = event;
    this.#lastText = text.trim();
    this.#lastStep = step;
    const row = { step, model: this.#model, text, durationMs, costUsd, failure };
    if (this.#lastText !== '' || failure !== undefined || calls.length > 0) {
      this.#rows.push({ key: String(seq), at, kind: 'step', ...row });
    }
    for (const call of calls) {
      this.#open.set(call.callId, this.#rows.length);
      this.#rows.push({ key: `${seq}/${call.callId}`, at, kind: 'call', call });
      this.#plan = planIn(call) ?? this.#plan;
    }
  }

  #finishCall({ seq, at, callId, name, ...event }: EventOf<'tool.finished'>): void {
    const { isError, durationMs, command, exitCode, output } = event;
    const result = { isError, durationMs, command, exitCode, output };
    const place = this.#open.get(callId) ?? this.#rows.length;
    const row = this.#rows[place];
    const begun = row?.kind === 'call' ? row.call : { callId, name, input: null };
    const call = { ...begun, result };
    this.#rows[place] = { key: row?.key ?? String(seq), at: row?.at ?? at, kind: 'call', call };
    this.#open.delete(callId);
    if (command !== undefined) this.#commands.push(call);
  }

  #changeStatus({ seq, at, outcome }: EventOf<'status.changed'>): void {
    this.#live = undefined;
    if (outcome === undefined || outcome.kind === 'command-result') return;
    // What the last step said is not to be read twice.
    const isSaid = outcome.kind === 'answered' && outcome.text.trim() === this.#lastText;
    this.#rows.push({ key: String(seq), at, kind: 'outcome', outcome, isSaid });
  }
}

function planIn({ name, input }: Pick<CallView, 'name' | 'input'>): readonly PlanItem[] | undefined {
  if (name !== 'todo' || typeof input !== 'object' || input === null || Array.isArray(input))
    return undefined;
  return Array.isArray(input['items']) ? (input['items'] as unknown as readonly PlanItem[]) : undefined;
}

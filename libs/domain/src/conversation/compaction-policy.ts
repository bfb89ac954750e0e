import type { JournalEntryOf, ShortenedResult } from '../session/journal-entry';
import type { Context, ContextPart } from './build-context';
import { text } from './content';
import { contentBytes, wordBytes } from './content-bytes';
import { estimateTokens } from './context-size';
import type { AskedWindow } from './context-size';
import type { ContextWindow } from './context-window';
import { isBulky, shortenResult } from './shorten-result';

/** How a conversation that has grown to its limit is made to fit again. */
export type Compaction =
  | { readonly do: 'shorten'; readonly results: readonly ShortenedResult[] }
  | {
      /** Entries `fromSeq..toSeq` go, but for the messages that `keeps` numbers. */
      readonly do: 'cut';
      readonly fromSeq: number;
      readonly toSeq: number;
      readonly keeps: readonly number[];
      readonly results: readonly ShortenedResult[];
      /** For what is said instead of them, but for their rules. */
      readonly roomBytes: number;
      /** For the rules that came with results among them, by `contentBytes`: all of these, unless they are too many. */
      readonly rulesBytes: number;
    }
  /** `pinned`: what people wrote takes more than its share; `full`: nothing is left that could go. */
  | { readonly do: 'nothing-fits'; readonly because: 'pinned' | 'full' };

/** In shares of the limit. What each rung leaves is well below it, so that the prefix then stays for many steps. */
const AFTER_SHORTENING = 0.7;
const AFTER_CUT = 0.8;
const LONGEST_TAIL = 0.25;
/** What stays of the beginning and the end, the more the better. What was said before the first answer stays anyway. */
const SHAPES = [
  { head: 0.1, tail: LONGEST_TAIL },
  { head: 0.1, tail: 0.1 },
  { head: 0.1, tail: 0 },
  { head: 0, tail: 0 },
];
const REPLACEMENT = 0.1;
const LEAST_REPLACEMENT_BYTES = 2_048;
/** What people wrote, and of what it leaves of that, rules that would go. */
const PINNED = 0.3;

/** What an old result keeps. */
const OLD_RESULT_BYTES = 800;
/** What one of the last results keeps where they alone are too much: as much of it as fits. */
const RECENT_RESULT_BYTES = [16_384, 8_192, 4_096, 2_048, OLD_RESULT_BYTES, 400];

type Asked = Omit<AskedWindow, 'inputTokens'>;
type View = Pick<Context, 'parts' | 'size' | 'pendingCalls' | 'shownOf'>;

/**
 * What is to be done before the next model call; undefined while the conversation is below its limit. The first rung
 * that makes enough room is taken: bulky old results get short; then the middle goes, the beginning and the end stay;
 * where that doesn't suffice, less of the end stays, and its results get short too.
 */
export function compactionFor(context: View, window: ContextWindow, asked: Asked): Compaction | undefined {
  const { size, parts, pendingCalls } = context;
  if (pendingCalls.length > 0) return undefined;
  const tokens = estimateTokens(size, { ...asked, inputTokens: window.inputTokens });
  if (tokens < window.limitTokens) return undefined;

  const bytesPerToken = (size.bytes + asked.fixedBytes) / tokens;
  const room = window.limitTokens * bytesPerToken - asked.fixedBytes;
  if (room <= 0) return { do: 'nothing-fits', because: 'full' };
  const old = shortened(context, parts.slice(0, startOfTail(parts, LONGEST_TAIL * room)), OLD_RESULT_BYTES);
  if (size.bytes - old.freedBytes <= AFTER_SHORTENING * room) return { do: 'shorten', results: old.results };
  if (pinnedBytes(parts) > PINNED * room) return { do: 'nothing-fits', because: 'pinned' };
  return cutToFit(context, room) ?? { do: 'nothing-fits', because: 'full' };
}

function cutToFit(context: View, room: number): Compaction | undefined {
  const { parts, size } = context;
  const wanted = AFTER_CUT * room;
  for (const shape of SHAPES) {
    const cut = middleOut(parts, room, shape);
    if (cut !== undefined && cut.bytesAfter(size.bytes) <= wanted) return cut.compaction([]);
  }
  const cut = middleOut(parts, room, { head: 0, tail: 0 });
  for (const keepBytes of RECENT_RESULT_BYTES) {
    const { results, freedBytes } = shortened(context, cut?.rest ?? parts, keepBytes);
    const left = (cut?.bytesAfter(size.bytes) ?? size.bytes) - freedBytes;
    if (left <= wanted) return cut?.compaction(results) ?? { do: 'shorten', results };
  }
  return undefined;
}

/** The middle between the beginning and the last steps; undefined where there is none. */
function middleOut(parts: readonly ContextPart[], room: number, { head, tail }: (typeof SHAPES)[number]) {
  const to = startOfTail(parts, tail * room);
  const from = endOfHead(parts, head * room);
  const goneBefore = Math.max(0, ...compactions(parts).map(({ toSeq }) => toSeq));
  const middle = parts.slice(from, to);
  const [first, last] = [middle[0]?.entry.seq, middle.at(-1)?.entry.seq];
  if (first === undefined || last === undefined || last <= goneBefore) return undefined;
  if (!middle.some(({ entry }) => isAnswer(entry) && entry.seq > goneBefore)) return undefined;
  const messages = middle.flatMap(({ entry }) => (entry.kind === 'message-admitted' ? [entry] : []));
  const roomBytes = Math.max(LEAST_REPLACEMENT_BYTES, Math.floor(REPLACEMENT * room));
  const rulesRoom = Math.max(0, Math.floor(PINNED * room - pinnedBytes(parts)));
  const rulesBytes = Math.min(rulesBytesOf(middle), rulesRoom);
  const bytesGone = sum(middle) - messages.reduce((all, { content }) => all + contentBytes(content), 0);
  return {
    rest: [...parts.slice(0, from), ...parts.slice(to)],
    bytesAfter: (bytesBefore: number): number => bytesBefore - bytesGone + roomBytes + rulesBytes,
    compaction: (results: readonly ShortenedResult[]): Compaction => ({
      do: 'cut',
      fromSeq: first,
      toSeq: last,
      keeps: messages.map(({ seq }) => seq),
      results,
      roomBytes,
      rulesBytes,
    }),
  };
}

/**
 * The place behind the beginning: what was said before the first answer, and as many of the first steps as so many bytes
 * hold. The same at every cut, if there is room for it.
 */
function endOfHead(parts: readonly ContextPart[], roomBytes: number): number {
  const task = Math.max(
    0,
    parts.findIndex(({ entry }) => isAnswer(entry)),
  );
  const gone = compactions(parts).map(({ fromSeq }) => fromSeq - 1);
  if (gone.length > 0 && roomBytes > 0) return Math.max(task, Math.min(...gone));
  let end = task;
  let bytes = 0;
  for (const [i, part] of parts.entries()) {
    if (i > end && part.isCut && bytes <= roomBytes) end = i;
    bytes += part.bytes;
    if (bytes > roomBytes) break;
  }
  return end;
}

/** The place from which at most so many bytes follow, and at least the last answer with its results. */
function startOfTail(parts: readonly ContextPart[], roomBytes: number): number {
  let start = parts.findLastIndex(({ entry }) => isAnswer(entry));
  if (start === -1) return 0;
  let bytes = sum(parts.slice(start));
  for (let i = start - 1; i >= 0; i -= 1) {
    const part = parts[i];
    bytes += part?.bytes ?? 0;
    if (bytes > roomBytes) break;
    if (part?.isCut === true) start = i;
  }
  return start;
}

function shortened(
  context: View,
  parts: readonly ContextPart[],
  keepBytes: number,
): { readonly results: readonly ShortenedResult[]; readonly freedBytes: number } {
  const hidden = compactions(context.parts);
  const results: ShortenedResult[] = [];
  let freedBytes = 0;
  for (const { entry } of parts) {
    if (entry.kind !== 'tool-finished') continue;
    if (hidden.some(({ fromSeq, toSeq }) => fromSeq <= entry.seq && entry.seq <= toSeq)) continue;
    const shown = context.shownOf(entry);
    if (!isBulky(shown, keepBytes)) continue;
    const content = shortenResult(entry.callId, entry.content, keepBytes);
    results.push({ callId: entry.callId, content });
    freedBytes += contentBytes(shown) - contentBytes(content);
  }
  return { results, freedBytes };
}

/** What people wrote stays as it is, however long the session. */
function pinnedBytes(parts: readonly ContextPart[]): number {
  return parts.reduce(
    (all, { entry }) => all + (entry.kind === 'message-admitted' ? wordBytes(entry.content) : 0),
    0,
  );
}

function rulesBytesOf(parts: readonly ContextPart[]): number {
  const rules = parts.flatMap(({ entry }) => (entry.kind === 'tool-finished' ? (entry.rules ?? []) : []));
  return rules.reduce((all, rule) => all + (rule.text === '' ? 0 : contentBytes([text(rule.text)])), 0);
}

function compactions(parts: readonly ContextPart[]): readonly JournalEntryOf<'context-compacted'>[] {
  return parts.flatMap(({ entry }) => (entry.kind === 'context-compacted' ? [entry] : []));
}

function isAnswer(entry: ContextPart['entry']): boolean {
  if (entry.kind !== 'model-call-finished' || entry.purpose !== undefined) return false;
  return entry.stop !== 'error' && entry.stop !== 'context-full';
}

const sum = (parts: readonly ContextPart[]): number => parts.reduce((all, { bytes }) => all + bytes, 0);

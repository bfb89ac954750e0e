import type { EditResult, MessageEdit } from '@swe/domain';
import { isNew } from './action';
import type { DynamoTable } from './dynamo-table';
import { toSeen } from './from-item';
import { readInboxItem } from './inbox';
import { editKey, inboxKey, seenKey, sessionKey } from './item-key';
import { readMarks, toStoredOutcome } from './message-marks';
import { toMessageText } from './receive-message';
import { readState } from './session-state';
import type { TextBlobs } from './stored-text';

/** Changes a message that is neither admitted nor has its outcome, and keeps the edit's key. */
export async function reviseMessage(
  table: DynamoTable,
  blobs: TextBlobs,
  { editKey: key, messageKey, body }: MessageEdit,
): Promise<EditResult> {
  return table.transact<EditResult>(async () => {
    const [place, known] = await table.getAll([seenKey(messageKey), editKey(key)]);
    if (place === undefined) return { result: 'unknown', actions: [] };
    if (known !== undefined) return { result: 'duplicate', actions: [] };
    const { sessionId, seq } = toSeen(place);
    const { session } = await readState(table, sessionId);
    const marks = await readMarks(table, sessionId, [seq]);
    if (seq <= session.cursor || marks.of(seq).outcome !== undefined) {
      return { result: 'too-late', actions: [] };
    }
    const item = await readInboxItem(table, blobs, sessionId, seq);
    const revised = { ...item, ...(body && { body }), revision: marks.of(seq).revision + 1 };
    const deleted =
      body === undefined ? await toStoredOutcome(blobs, sessionId, { kind: 'cancelled' }) : undefined;
    return {
      result: 'revised',
      actions: [
        { put: { ...editKey(key) }, when: isNew },
        {
          update: inboxKey(sessionId, seq),
          set: { value: await toMessageText(blobs, sessionId, revised) },
          when: { has: ['pk'] },
        },
        marks.edit(seq, deleted),
        { check: sessionKey(sessionId), when: { below: { cursor: seq } } },
      ],
    };
  });
}

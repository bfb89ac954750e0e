import type { CutText } from './session-event';

/** A text of no more than `room` characters: of a longer one its beginning and its end. */
export function cutMiddle(text: string, room: number): CutText {
  if (text.length <= room) return { text: text.toWellFormed(), leftOut: 0 };
  const half = Math.floor(room / 2);
  const kept = `${text.slice(0, half)}\n…\n${text.slice(-half)}`;
  return { text: kept.toWellFormed(), leftOut: text.length - 2 * half };
}

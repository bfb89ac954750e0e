import type { LoadedRule } from '@swe/domain';
import { tooMuchText } from './rule-text';

/** Of all rules of a session, in bytes. */
export const MAX_TOTAL_BYTES = 65_536;

/** Rules that a session gets at one time, as far as there is room for them. */
export interface RuleShelf {
  has(path: string): boolean;
  add(path: string, text: string): void;
  /** What there is no room for is only named. */
  leaveOut(path: string): void;
  /** In the order in which they were added. */
  rules(): readonly LoadedRule[];
}

/** A shelf beside what the session has already: its rules by path. */
export function createRuleShelf(loaded: ReadonlyMap<string, string>): RuleShelf {
  const added = new Map<string, string>();
  const beyond: string[] = [];
  let total = [...loaded.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);

  function leaveOut(path: string): void {
    beyond.push(path);
    added.set(path, '');
  }

  return {
    has: (path) => loaded.has(path) || added.has(path),
    add(path, text) {
      const bytes = Buffer.byteLength(text);
      if (total + bytes > MAX_TOTAL_BYTES) return leaveOut(path);
      total += bytes;
      added.set(path, text);
    },
    leaveOut,
    rules() {
      const [first] = beyond;
      const all = first === undefined ? added : new Map([...added, [first, tooMuchText(beyond)]]);
      return [...all].map(([path, text]) => ({ path, text }));
    },
  };
}

import type { LoadedRule } from '@swe/domain';
import { tooMuchText } from './rule-text';

/** Of all rules of a session, in bytes. */
export const MAX_TOTAL_BYTES = 65_536;

/** Rules that a session gets at one time, as far as there is room for them. */
export interface RuleShelf {
  has(path: string): boolean;
  /** `blob` is the file's on its base branch, where it is to be looked at again. */
  add(path: string, text: string, blob?: string): void;
  /** What there is no room for is only named. */
  leaveOut(path: string): void;
  /** In the order in which they were added. */
  rules(): readonly LoadedRule[];
}

/** A shelf beside what the session has already: its rules by path. */
export function createRuleShelf(loaded: ReadonlyMap<string, LoadedRule>): RuleShelf {
  const added = new Map<string, LoadedRule>();
  const beyond: string[] = [];
  let total = [...loaded.values()].reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);

  function leaveOut(path: string): void {
    beyond.push(path);
    added.set(path, { path, text: '' });
  }

  return {
    has: (path) => loaded.has(path) || added.has(path),
    add(path, text, blob) {
      const bytes = Buffer.byteLength(text);
      if (total + bytes > MAX_TOTAL_BYTES) return leaveOut(path);
      total += bytes;
      added.set(path, { path, text, ...(blob !== undefined && { blob }) });
    },
    leaveOut,
    rules() {
      const [first] = beyond;
      const rules = [...added.values()];
      if (first === undefined) return rules;
      return rules.map((rule) => (rule.path === first ? { path: first, text: tooMuchText(beyond) } : rule));
    },
  };
}

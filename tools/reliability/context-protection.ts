/** Something that keeps a conversation whole while it is made shorter, and can be left off to see that it does. */
export interface ContextProtection {
  readonly id: 'fitting' | 'words' | 'rules' | 'pairs' | 'journal';
  readonly name: string;
}

export const CONTEXT_PROTECTIONS = {
  fitting: { id: 'fitting', name: 'a conversation at its limit is made shorter' },
  words: { id: 'words', name: 'messages stay when the steps around them go' },
  rules: { id: 'rules', name: 'rules stay when the results that they came with go' },
  pairs: { id: 'pairs', name: 'calls go with their results' },
  journal: { id: 'journal', name: 'what was left out is journalled' },
} as const satisfies Record<string, ContextProtection>;

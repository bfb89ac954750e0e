import { describe, expect, it } from '@jest/globals';
import { toModelFields } from './to-model-fields';
import type { ModelFieldOptions } from './to-model-fields';

const asked = (
  thinking: ModelFieldOptions['thinking'],
  effort: 'usual' | 'highest' | undefined,
  maxOutputTokens = 64_000,
  betas: readonly string[] = [],
) =>
  toModelFields({ ...(effort && { effort }), maxOutputTokens }, [], {
    thinking,
    betas,
    budget: { usual: 8_192, highest: 32_000 },
  });
const adaptive = { type: 'adaptive', display: 'summarized' };
const bound = { ...adaptive, block_binding: { prefix_mismatch_behavior: 'drop_block' } };
const BINDING_BETA = 'thinking-binding-controls-2026-08-01';
const most = { output_config: { effort: 'max' } };

describe('a model is asked to think', () => {
  it.each([
    ['none', undefined, undefined],
    ['none', 'highest', undefined],
    ['kept', undefined, { thinking: adaptive }],
    ['kept', 'usual', { thinking: adaptive }],
    ['kept', 'highest', { thinking: adaptive, ...most }],
    ['bound', 'usual', { thinking: adaptive }],
    ['bound', 'highest', { thinking: adaptive, ...most }],
    ['budgeted', 'usual', { thinking: { type: 'enabled', budget_tokens: 8_192 } }],
    ['budgeted', 'highest', { thinking: { type: 'enabled', budget_tokens: 32_000 } }],
  ] as const)('%s, with the effort %s: %j', (thinking, effort, fields) => {
    expect(asked(thinking, effort)).toEqual(fields);
  });

  it.each([
    [10_000, { thinking: { type: 'enabled', budget_tokens: 5_000 } }],
    [2_048, { thinking: { type: 'enabled', budget_tokens: 1_024 } }],
    [2_000, undefined],
  ])('so that of %d tokens half are left for its answer', (maxOutputTokens, fields) => {
    expect(asked('budgeted', 'highest', maxOutputTokens)).toEqual(fields);
  });

  it('with the trial features that the catalogue names', () => {
    const betas = ['interleaved-thinking-2025-05-14', 'context-1m-2025-08-07'];
    expect(asked('none', 'usual', 9, betas)).toEqual({ anthropic_beta: betas });
    expect(asked('bound', 'usual', 9, [BINDING_BETA])).toEqual({
      anthropic_beta: [BINDING_BETA],
      thinking: bound,
    });
  });
});

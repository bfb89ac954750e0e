import { describe, expect, it } from '@jest/globals';
import type { JsonValue, ReasoningContent } from '@swe/domain';
import type { Dialect } from './dialect';
import { toReasoning } from './to-reasoning';

const block = (opaque: JsonValue, text = ' hm\n'): ReasoningContent => ({
  type: 'reasoning',
  provider: 'p',
  text,
  opaque,
});
const given = ({ text, opaque }: ReasoningContent) => ({ type: 'reasoning', text, providerOptions: opaque });

const sealed: Pick<Dialect, 'provider' | 'reasoning'> = {
  provider: 'p',
  reasoning: { sealedBy: ['signature', 'secret'] },
};
const signed = block({ p: { signature: 'EqQB/+=', nothing: null } });
const secret = block({ p: { secret: 'EmwK' } }, '');
const bare = block(null);
const first = block({ p: { itemId: 'rs_1' } }, 'one');
const last = block({ p: { itemId: 'rs_1', secret: 'gAAA' } }, 'two');
const lost = block({ p: { itemId: 'rs_2', secret: null } });

describe('reasoning', () => {
  it.each<[string, Pick<Dialect, 'provider' | 'reasoning'>, readonly ReasoningContent[], readonly unknown[]]>(
    [
      ['goes back byte for byte', sealed, [signed, secret], [given(signed), given(secret)]],
      [
        'goes back with all parts of an item that is sealed at its end',
        sealed,
        [first, last],
        [given(first), given(last)],
      ],
      ['stays when it has no seal', sealed, [bare, lost, first], []],
      ['stays when another provider made it', { ...sealed, provider: 'q' }, [signed], []],
      ['stays when it is not wanted', { ...sealed, reasoning: 'dropped' }, [signed, bare], []],
      [
        'goes back as text',
        { ...sealed, reasoning: 'plain' },
        [bare],
        [{ type: 'reasoning', text: ' hm\n' }],
      ],
    ],
  )('%s', (_name, dialect, answer, expected) => {
    expect(answer.flatMap((part) => toReasoning(part, answer, dialect))).toEqual(expected);
  });
});

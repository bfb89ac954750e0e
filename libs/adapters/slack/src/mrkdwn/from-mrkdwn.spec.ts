import { expect, it } from '@jest/globals';
import type { Directory } from '@swe/domain';
import { fromMrkdwn } from './from-mrkdwn';

const directory: Directory = {
  person: async (id) => ({
    name: `name of ${id}`,
    isBot: false,
    isGuest: false,
    isForeign: false,
    isKnown: true,
  }),
  channel: async (id) => ({ name: `name of ${id}`, isKnown: true }),
};

it.each([
  ['plain words', 'plain words'],
  ['ask <@U1> about it', 'ask @name of slack:T1/U1 about it'],
  ['ask <@U1|ada> about it', 'ask @name of slack:T1/U1 about it'],
  ['see <#C1|general> and <#C2>', 'see #general and #name of slack:T1/C2'],
  ['<!here> and <!subteam^S1|@team>', '@here and @team'],
  ['<!date^1392734382^{date}|18 Feb>', '18 Feb'],
  ['<https://example.com/a?b=1&amp;c=2>', 'https://example.com/a?b=1&c=2'],
  ['<https://example.com|example.com>', 'https://example.com'],
  ['<https://example.com|the page>', '[the page](https://example.com)'],
  ['<mailto:ada@example.com|ada@example.com>', 'ada@example.com'],
  ['a &lt; b &amp;&amp; c &gt; d', 'a < b && c > d'],
  ['&amp;lt;', '&lt;'],
  ['`if (a &lt; b)`', '`if (a < b)`'],
])('%s', async (text, plain) => {
  expect(await fromMrkdwn(text, 'slack:T1', directory)).toBe(plain);
});

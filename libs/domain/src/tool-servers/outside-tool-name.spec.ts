import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { outsideToolName } from './outside-tool-name';

it.each([
  ['github', 'create_issue', 'mcp__github__create_issue'],
  ['my server', 'do.it', /^mcp__my_server__do_it_[0-9a-f]{8}$/],
  ['a', 'x'.repeat(80), /^mcp__a__x{47}_[0-9a-f]{8}$/],
  ['日本', '検索', /^mcp_+[0-9a-f]{8}$/],
])('%s / %s is %s', (server, tool, expected) => {
  expect(outsideToolName(server, tool)).toEqual(
    typeof expected === 'string' ? expected : expect.stringMatching(expected),
  );
});

it('is what providers take, and no other tool has it', () => {
  const part = fc.stringMatching(/^[a_.-]{1,40}$/);
  fc.assert(
    fc.property(part, part, part, part, (serverA, toolA, serverB, toolB) => {
      const [a, b] = [outsideToolName(serverA, toolA), outsideToolName(serverB, toolB)];
      expect(a).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
      expect(a === b).toBe(serverA === serverB && toolA === toolB);
    }),
  );
});

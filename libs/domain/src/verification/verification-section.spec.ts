import { describe, expect, it } from '@jest/globals';
import { withVerification } from './verification-section';

const verification = { gaps: ['No tests were run.'], ran: ['`tsc` (types): exit code 0'], changes: [] };
const SECTION = `<!-- verification by the harness -->

## Verification

*Written by the harness from what it recorded, not by the agent.*

**No tests were run.**

Checks that were run, each as it ended last:
- \`tsc\` (types): exit code 0

---

<!-- end of verification -->`;

describe('a body with its verification', () => {
  it('has it first, and a rule between the harness’s words and the agent’s', () => {
    expect(withVerification('\nIt was off by one.\n', verification)).toBe(`${SECTION}\n\nIt was off by one.`);
  });

  it('has it once, as it is now', () => {
    const before = withVerification('Why.\n\nCloses #7', { gaps: [], ran: ['old'], changes: ['old'] });
    expect(withVerification(before, verification)).toBe(`${SECTION}\n\nWhy.\n\nCloses #7`);
    expect(withVerification(`Also.\n\n${before}\n\nMore.`, verification)).toBe(
      `${SECTION}\n\nAlso.\n\nWhy.\n\nCloses #7\n\nMore.`,
    );
  });

  it('loses one that was cut', () => {
    const cut = `Why.\n\n${SECTION.slice(0, 90)}`;
    expect(withVerification(cut, verification)).toBe(`${SECTION}\n\nWhy.`);
  });

  it.each(['## Verification', '### verification:', '# VERIFICATION #'])(
    'keeps the agent’s own (%s) apart',
    (heading) => {
      const body = withVerification(`Why.\n\n${heading}\n\nAll green.`, verification);
      expect(body).toMatch(/^#+ verification, as the agent tells it$/im);
      expect(body).toContain('All green.');
      expect(body.match(/^#+ Verification$/gm)).toHaveLength(1);
    },
  );

  it.each([
    '<!-- open',
    '```sh\nnpm test',
    '~~~~\n~~~',
    '<?php',
    '<!DOCTYPE',
    '<![CDATA[',
    '<pre>',
    '<script>',
    '<style>',
    '<textarea>',
    '<details><summary>More</summary>',
    '<div hidden>',
  ])('shows it whatever the agent leaves open (%s)', (open) => {
    expect(withVerification(open, verification)).toBe(`${SECTION}\n\n${open}`);
    expect(withVerification(withVerification(open, verification), verification)).toBe(
      `${SECTION}\n\n${open}`,
    );
  });
});

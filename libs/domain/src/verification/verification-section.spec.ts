import { describe, expect, it } from '@jest/globals';
import { visibleText } from '../repository/visible-text';
import { withVerification } from './verification-section';

const verification = { gaps: ['No tests were run.'], ran: ['`tsc` (types): exit code 0'], changes: [] };
const SECTION = `<!-- verification by the harness -->

## Verification

*Written by the harness from what it recorded, not by the agent.*

**No tests were run.**

Checks that were run, each as it ended last:
- \`tsc\` (types): exit code 0

<!-- end of verification -->`;

describe('a body with its verification', () => {
  it('has it at its end', () => {
    expect(withVerification('It was off by one.\n', verification)).toBe(`It was off by one.\n\n${SECTION}`);
  });

  it('has it once, as it is now', () => {
    const before = withVerification('Why.\n\nCloses #7', { gaps: [], ran: ['old'], changes: ['old'] });
    expect(withVerification(before, verification)).toBe(`Why.\n\nCloses #7\n\n${SECTION}`);
    expect(withVerification(`${before}\n\nMore.`, verification)).toBe(
      `Why.\n\nCloses #7\n\nMore.\n\n${SECTION}`,
    );
  });

  it('loses one that was cut', () => {
    const cut = withVerification('Why.', verification).slice(0, 90);
    expect(withVerification(cut, verification)).toBe(`Why.\n\n${SECTION}`);
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

  it.each(['<!-- open', '```sh\nnpm test', '~~~~\n~~~', '````\n```', 'a\n```\nb\n```\n```'])(
    'shows it behind what is left open (%j)',
    (open) => {
      const shown = visibleText(withVerification(open, verification)).text;
      expect(shown).toContain('\n## Verification\n');
      const fences =
        shown.slice(0, shown.indexOf('## Verification')).match(/^(?:`{3,}|~{4,})[^`\n]*$/gm) ?? [];
      expect(fences.length % 2).toBe(open === '````\n```' ? 1 : 0);
    },
  );
});

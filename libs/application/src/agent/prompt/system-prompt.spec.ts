import { describe, expect, it } from '@jest/globals';
import { systemPrompt } from './system-prompt';

const at = { workspaceRoot: '/sessions/1/workspace', branch: 'swe/sabc-issue-7' };

describe('the system prompt', () => {
  it('reads like this', () => {
    expect(systemPrompt(at)).toMatchSnapshot();
  });

  it('is the same for the same session, byte for byte', () => {
    expect(systemPrompt({ ...at })).toBe(systemPrompt({ ...at }));
  });

  it('differs between sessions in place and branch only', () => {
    const other = systemPrompt({ workspaceRoot: '/other', branch: 'swe/sxyz' });
    expect(other.replace('/other', at.workspaceRoot).replace('swe/sxyz', at.branch)).toBe(systemPrompt(at));
  });

  it('stays short: every step of every session pays for it', () => {
    expect(systemPrompt(at).length).toBeLessThan(3_500);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { ToolContext } from '../agent/tool';
import { reportProgress } from './report-progress';

const report = (message: string) => reportProgress().call({ message }, {} as ToolContext);

describe('report_progress', () => {
  it('posts the words, and the work goes on', async () => {
    const output = await report('**Found** it: `$&`\n');
    expect(output).toMatchObject({ post: '**Found** it: `$&`' });
    expect(output.asksBack).toBeUndefined();
    expect(output.isError).toBeUndefined();
  });

  it.each([
    ['nothing', ''],
    ['blanks, which no chat takes', ' \n'],
    ['more than 4,000 characters', 'x'.repeat(4_001)],
  ])('refuses %s, and posts nothing', async (_name, message) => {
    const output = await report(message);
    expect(output.isError).toBe(true);
    expect(output.post).toBeUndefined();
  });
});

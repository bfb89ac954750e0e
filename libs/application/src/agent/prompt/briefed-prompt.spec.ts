import { describe, expect, it } from '@jest/globals';
import { briefedPrompt } from './briefed-prompt';

const nothing = { prompt: '', skills: [] };
const skills = [{ name: 'deploy', description: 'Deploys to staging.', path: '.swe/x/SKILL.md' }];
const reviewer = { name: 'reviewer', description: 'Reviews.', prompt: 'You review. Change nothing.\n' };

describe('the prompt of an agent that was briefed', () => {
  it('is what every agent is told, where there is nothing beside it', () => {
    expect(briefedPrompt('Base.\n', undefined)).toBe('Base.\n');
    expect(briefedPrompt('Base.\n', { organisation: nothing })).toBe('Base.\n');
  });

  it('has the organisation’s words, its skills and the agent’s part behind it', () => {
    const organisation = { prompt: 'We write tests first.\n', skills };
    expect(briefedPrompt('Base.\n', { organisation, agent: reviewer })).toBe(`Base.

# What your organisation tells you
We write tests first.
Skills, to be read with read_file before you do what they are for:
- deploy: Deploys to staging. (.swe/x/SKILL.md)

# Your part: reviewer
You review. Change nothing.
`);
  });

  it('has skills alone, and a part alone', () => {
    expect(briefedPrompt('', { organisation: { prompt: ' ', skills } })).toMatch(/tells you\nSkills/);
    expect(briefedPrompt('', { organisation: nothing, agent: reviewer })).toMatch(/^\n# Your part/);
  });
});

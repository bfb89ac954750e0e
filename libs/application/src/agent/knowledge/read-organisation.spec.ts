import { describe, expect, it } from '@jest/globals';
import { MemoryWorkspace } from '@swe/testing/memory';
import { bringSkills } from './bring-skills';
import { readAgents, readOrganisation } from './read-organisation';

function folderOf(files: Readonly<Record<string, string>>): MemoryWorkspace {
  const folder = new MemoryWorkspace('/organisation');
  for (const [path, text] of Object.entries(files)) folder.put(`/organisation/${path}`, text);
  return folder;
}

describe('what an organisation tells', () => {
  it('is nothing where its folder is empty', async () => {
    expect(await readOrganisation(folderOf({}))).toEqual({ prompt: '', skills: [] });
    expect(await readAgents(folderOf({}))).toEqual([]);
  });

  it('has its words, and the skills that say what they are for', async () => {
    const folder = folderOf({
      'prompt.md': 'Be kind.\n',
      'skills/deploy/SKILL.md': '---\nname: Other\ndescription: >\n  Deploys\n  it.\n---\nBody',
      'skills/silent/SKILL.md': 'No front matter.',
      'skills/empty/notes.md': '',
      'skills/bad name/SKILL.md': '---\ndescription: x\n---',
      'skills/file.md': '',
    });
    expect(await readOrganisation(folder)).toEqual({
      prompt: 'Be kind.\n',
      skills: [
        { name: 'deploy', description: 'Deploys it.', path: '.swe/organisation/skills/deploy/SKILL.md' },
      ],
    });
  });

  it('is cut where it is long', async () => {
    const { prompt } = await readOrganisation(folderOf({ 'prompt.md': `a${'ä'.repeat(20_000)}` }));
    expect(prompt).toMatch(/ä\n\(cut at 24 KB\)$/);
    expect(Buffer.byteLength(prompt)).toBeLessThan(25_000);
  });
});

describe('an organisation’s agents', () => {
  it.each([
    ['Just words.', { description: '', prompt: 'Just words.' }],
    [
      '---\nname: ignored\ndescription: Reviews.\ntools: Read, Grep, mcp__jira__get\nmodel: inherit\n---\n\nLook.\n',
      { description: 'Reviews.', prompt: 'Look.', tools: ['read_file', 'search', 'mcp__jira__get'] },
    ],
    [
      '---\nmodel: bedrock/anthropic.claude-opus-5-5\nmcpServers:\n  - jira\n  - slack:\n---\nLook.',
      {
        description: '',
        prompt: 'Look.',
        model: 'bedrock/anthropic.claude-opus-5-5',
        mcpServers: ['jira', 'slack'],
      },
    ],
    ['---\ntools: []\nmodel: sonnet\n---\nLook.', { description: '', prompt: 'Look.' }],
  ])('are read from %j', async (text, agent) => {
    const folder = folderOf({
      'agents/reviewer.md': text,
      'agents/readme.txt': '',
      'agents/bad name.md': '',
    });
    expect(await readAgents(folder)).toEqual([{ name: 'reviewer', ...agent }]);
  });
});

describe('skills that are brought', () => {
  it('come with all of their files', async () => {
    const folder = folderOf({ 'skills/a/SKILL.md': 'A', 'skills/a/scripts/run.sh': 'run', 'prompt.md': 'x' });
    const workspace = new MemoryWorkspace();
    await bringSkills(folder, workspace);
    expect((await workspace.list('.swe/organisation')).map(({ name }) => name)).toEqual(['skills']);
    const { bytes } = await workspace.read('.swe/organisation/skills/a/scripts/run.sh');
    expect(new TextDecoder().decode(bytes)).toBe('run');
  });

  it('lead nowhere else, whatever the workspace has there', async () => {
    const workspace = new MemoryWorkspace();
    workspace.put('/secrets/x', '');
    workspace.link('/workspace/.swe', '/secrets');
    await bringSkills(folderOf({ 'skills/a/SKILL.md': 'A' }), workspace);
    expect((await workspace.list('.')).map(({ kind }) => kind)).toEqual(['link']);
  });
});

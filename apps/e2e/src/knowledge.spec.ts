import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { lastResults, openLoopbackOpenAi, readConversation } from '@swe/testing/servers';
import type { LoopbackServer } from '@swe/testing/servers';
import { BROKEN_LIBRARY } from './broken-library';
import { call } from './scripted-model';
import { openMachine } from './swe';
import type { Machine } from './swe';

const MODEL = ['--model', 'openai-compatible/any'];
const REPOSITORY = {
  ...BROKEN_LIBRARY,
  'AGENTS.md': 'Fares are in yen.\n',
  'src/CLAUDE.md': 'No semicolons.\n',
};
const REVIEWER =
  '---\ndescription: Reviews.\ntools: Read, list_files, clone_repository\n---\nYou change nothing.\n';

let machine: Machine;
let server: LoopbackServer | undefined;
beforeEach(() => {
  machine = openMachine();
  write('prompt.md', 'We say hello first.');
  write('skills/deploy/SKILL.md', '---\ndescription: Deploys to staging.\n---\nRun make deploy.');
  write('agents/reviewer.md', REVIEWER);
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  await machine.close();
});

function write(path: string, text: string): void {
  const file = join(machine.folder, 'swe/organisation', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

it('an agent by its name is told what its organisation says, and gets a repository’s rules as it goes', async () => {
  const root = machine.makeRepository('fares', REPOSITORY);
  server = await openLoopbackOpenAi([
    { calls: [call('clone_repository', { repository: 'forge://fares' })] },
    {
      calls: [
        call('read_file', { path: 'fares/src/fare.js' }),
        call('read_file', { path: '.swe/organisation/skills/deploy/SKILL.md' }),
        call('bash', { command: 'true' }),
      ],
    },
    { say: 'Looks fine.' },
  ]);
  const args = ['run', '--repo', root, '--task', 'Look at it.', '--agent', 'reviewer', ...MODEL];
  const run = await machine.swe(args, { SWE_MODEL_BASE_URL: server.url });
  expect(run.stdout).toContain('Looks fine.');
  expect(server.turnsLeft).toBe(0);

  const [first, second, third] = server.requests.map((request) => ({
    sent: JSON.stringify(request.body),
    results: lastResults(readConversation(request)),
  }));
  expect(first?.sent).toContain('We say hello first.');
  expect(first?.sent).toContain('- deploy: Deploys to staging. (.swe/organisation/skills/deploy/SKILL.md)');
  expect(first?.sent).toContain('You change nothing.');
  expect(first?.sent).not.toContain('"edit_file"');
  expect(second?.results).toEqual([expect.stringMatching(/^Cloned[^]*\[harness\][^]*Fares are in yen\./)]);
  expect(third?.results).toEqual([
    expect.stringMatching(/fareOf[^]*No semicolons\./),
    expect.stringContaining('Run make deploy.'),
    expect.stringContaining('There is no tool named "bash".'),
  ]);
});

it('an agent that nobody made is bad input, told with those that there are', async () => {
  const root = machine.makeRepository('fares', REPOSITORY);
  const args = ['run', '--repo', root, '--task', 'Look at it.', '--agent', 'nobody', ...MODEL];
  const run = await machine.swe(args);
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toMatch(/There is no agent `nobody`. There are: `reviewer`./);
  expect((await machine.swe(['sessions'])).stdout).toContain('No sessions yet');
});

import { expect, it } from '@jest/globals';
import { NEVER, programThat, sourceOf } from './mcp-fixture';
import type { ServerProgram } from './server-program';

const TOKEN = 'tok"en/ä+1234';

it('a program gets the secrets that its settings refer to, and what it says has them no more', async () => {
  const started: ServerProgram[] = [];
  const said = [
    TOKEN,
    JSON.stringify({ key: TOKEN }),
    `https://x.example/?t=${encodeURIComponent(TOKEN)}`,
    Buffer.from(TOKEN).toString('base64'),
  ];
  const source = sourceOf({
    servers: {
      shop: {
        command: 'shop',
        args: ['${workspaceFolder}'],
        env: { KEY: 'Bearer ${secret:/swe/shop}', PLAIN: 'x' },
        readableFolders: ['/opt/own'],
      },
    },
    secrets: { '/swe/shop': TOKEN, other: 'not asked for' },
    startProgram: async (program) => {
      started.push(program);
      const uri = `https://x.example/?t=${TOKEN}`;
      const resource = { type: 'resource', resource: { uri, blob: 'AAAA' } };
      return programThat(() => ({ content: [...said.map((text) => ({ type: 'text', text })), resource] }));
    },
  });
  const { content } = await source.call({ server: 'shop', tool: 'x', input: {} }, NEVER);
  expect(started).toEqual([
    {
      name: 'shop',
      argv: ['shop', '/workspace'],
      environment: { KEY: `Bearer ${TOKEN}`, PLAIN: 'x' },
      holdsSecrets: true,
      readable: ['/opt/own'],
    },
  ]);
  expect(content.map((part) => (part.type === 'text' ? part.text : part.name))).toEqual([
    '[secret /swe/shop]',
    '{"key":"[secret /swe/shop]"}',
    'https://x.example/?t=[secret /swe/shop]',
    '[secret /swe/shop]',
    'https://x.example/?t=[secret /swe/shop]',
  ]);
  await source.close();
});

it('a server whose secret is not there is a trouble that names it, and starts nothing', async () => {
  const source = sourceOf({ servers: { shop: { command: 'shop', env: { KEY: '${secret:GONE}' } } } });
  const { troubles } = await source.list(NEVER);
  expect(troubles).toEqual([{ server: 'shop', reason: 'there is no secret GONE' }]);
  await source.close();
});

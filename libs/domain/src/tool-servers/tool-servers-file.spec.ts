import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { isToolAllowed, secretsOf, toolServersText } from './tool-servers-file';

const parse = (mcpServers: unknown) => toolServersText.safeParse(JSON.stringify({ mcpServers }));

describe('a file of tool servers', () => {
  it('is read as other programs write it, in the order of its names', () => {
    const file = {
      globalShortcut: 'Ctrl+Space',
      mcpServers: {
        web: { url: 'https://tools.example/mcp', headers: { Authorization: 'Bearer ${secret:WEB}' } },
        files: {
          command: 'npx',
          args: ['-y', 'server-files', '${workspaceFolder}'],
          env: { KEY: '${secret:K}' },
        },
        old: { command: 'x', disabled: true },
        events: { type: 'sse', url: 'http://127.0.0.1:1/sse' },
        stream: { type: 'streamable-http', url: 'http://127.0.0.1:1/mcp', callTimeoutMs: 5000 },
      },
    };
    const servers = toolServersText.parse(JSON.stringify(file));
    expect([...servers.keys()]).toEqual(['events', 'files', 'stream', 'web']);
    expect(servers.get('files')).toEqual({
      type: 'stdio',
      command: 'npx',
      args: ['-y', 'server-files', '${workspaceFolder}'],
      env: { KEY: '${secret:K}' },
      readableFolders: [],
      disabled: false,
      denyTools: [],
      startTimeoutMs: 20_000,
      callTimeoutMs: 120_000,
    });
    expect(servers.get('stream')).toMatchObject({ type: 'http', callTimeoutMs: 5_000 });
    expect(servers.get('events')).toMatchObject({ type: 'sse' });
    expect([...servers.values()].map(secretsOf)).toEqual([[], ['K'], [], ['WEB']]);
  });

  it.each<[string, unknown, RegExp]>([
    ['without a command or URL', { a: { args: [] } }, /mcpServers\.a\.command/],
    [
      'with a secret in an argument',
      { a: { command: 'x', args: ['--key=${secret:K}'] } },
      /must not name a secret[^]*a\.args\[0\]/,
    ],
    ['with a secret in a URL', { a: { url: 'https://x.example/?k=${secret:K}' } }, /must not name a secret/],
    ['with a variable of another program', { a: { command: 'x', env: { K: '${TOKEN}' } } }, /no other \$\{/],
    ['with a file’s URL', { a: { url: 'file:///etc/passwd' } }, /a\.url/],
    ['with no patience at all', { a: { command: 'x', startTimeoutMs: 0 } }, /startTimeoutMs/],
    ['that is no object', { a: 'npx' }, /a/],
  ])('tells what is wrong with a server %s', (_name, servers, message) => {
    const { error } = parse(servers);
    expect(error && z.prettifyError(error)).toMatch(message);
  });

  it.each(['{', '[]', '{}', '{"mcpServers": []}'])('is not %s', (text) => {
    expect(toolServersText.safeParse(text).success).toBe(false);
  });
});

describe('the tools of a server that may be used', () => {
  it.each<[readonly string[] | undefined, readonly string[], Record<string, boolean>]>([
    [undefined, [], { read: true }],
    [[], [], { read: false }],
    [['read'], [], { read: true, reads: false }],
    [
      ['read*', '*_all'],
      ['*secret*'],
      { read: true, read_file: true, list_all: true, read_secrets: false, all: false },
    ],
    [['a*b*c'], [], { abc: true, axxbyyc: true, ab: false, acb: false }],
    // What two parts would both need.
    [['ab*ba'], [], { aba: false, abba: true }],
    [['*'], ['*'], { read: false }],
    [['a.c'], [], { abc: false, 'a.c': true }],
  ])('are those of %j without %j', (allowTools, denyTools, expected) => {
    for (const [tool, isAllowed] of Object.entries(expected)) {
      const lists = { ...(allowTools && { allowTools: [...allowTools] }), denyTools: [...denyTools] };
      expect([tool, isToolAllowed(lists, tool)]).toEqual([tool, isAllowed]);
    }
  });
});

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { credentialShapes, gitWith, openGitSession } from '@swe/testing/servers';
import type { GitProxyOptions } from './git-proxy';
import { BRANCH, openProxyFor } from './git-proxy-fixture';

const PATH = process.env['PATH'] ?? '';
const openWorld = (change: Partial<GitProxyOptions> = {}) =>
  openGitSession({ path: PATH, branch: BRANCH }, (parts) => openProxyFor(parts, change));
let world: Awaited<ReturnType<typeof openWorld>>;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
}

const TRACES = {
  GIT_TRACE: '1',
  GIT_CURL_VERBOSE: '1',
  GIT_TRACE_PACKET: '1',
  GIT_TRACE_SETUP: '1',
  GIT_TRACE_CURL_NO_DATA: '0',
};

/** Clones, commits and pushes, and gives all that the shell's side could see meanwhile. */
async function seenBy(
  environment: Readonly<Record<string, string>>,
  url: string,
): Promise<readonly string[]> {
  const traced = { ...environment, ...TRACES };
  const hook = join(world.workspace, 'hook');
  // While git runs: arguments and environments of everything that this user may look at.
  writeFileSync(
    hook,
    `#!/bin/sh
for part in cmdline environ; do for process in /proc/[0-9]*; do
  test "$(readlink $process/cwd)" = "$PWD" && cat $process/$part
done; done 2>/dev/null | tr '\\0' '\\n' >> ${world.workspace}/processes
ps -ef >> ${world.workspace}/processes
true
`,
    { mode: 0o755 },
  );
  const runs = [await gitWith(traced, world.workspace, ['clone', url, 'copy'])];
  const copy = join(world.workspace, 'copy');
  const hooked = ['-c', 'core.hooksPath=/dev/null', '-c', 'user.name=a', '-c', 'user.email=a@b'];
  writeFileSync(join(copy, 'a'), '1');
  writeFileSync(join(copy, '.git/hooks/pre-push'), readFileSync(hook), { mode: 0o755 });
  for (const args of [
    ['add', '.'],
    [...hooked, 'commit', '--message', 'a'],
    ['push', 'origin', `HEAD:refs/heads/${BRANCH}`],
    ['fetch'],
    ['config', '--list', '--show-origin'],
    ['remote', '-v'],
  ]) {
    runs.push(await gitWith(traced, copy, args));
  }
  expect(runs.map(({ code }) => code)).toEqual(runs.map(() => 0));
  return [
    JSON.stringify(environment),
    ...runs.flatMap(({ out, err }) => [out, err]),
    ...filesIn(world.workspace),
  ];
}

function leaksIn(seen: readonly string[]): readonly string[] {
  const shapes = world.credentials.issued.flatMap(({ username, password }) =>
    credentialShapes(username, password),
  );
  expect(shapes.length).toBeGreaterThan(0);
  return shapes.filter((shape) => seen.some((text) => text.includes(shape)));
}

describe('what the shell’s side sees of a credential', () => {
  it('through the proxy: nothing, in no shape', async () => {
    const seen = await seenBy(world.environment, world.urlOf('acme/shop'));
    expect(world.credentials.issued).toHaveLength(2);
    expect(leaksIn(seen)).toEqual([]);
    expect(JSON.stringify(world.facts)).not.toContain(world.credentials.issued[0]?.password);
    // The proxy's key neither is in arguments nor in traces.
    const key = /Bearer ([\w-]{43})/.exec(JSON.stringify(world.environment))?.[1] ?? 'none';
    const [environment, ...others] = seen;
    expect(environment).toContain(key);
    const listed = others.filter((text) => text.includes(key));
    expect(listed.every((text) => text.includes('extraheader=') || text.includes('GIT_CONFIG_VALUE'))).toBe(
      true,
    );
  });

  it('as a control: with a token in the address, it is everywhere', async () => {
    const repository = world.urlOf('acme/shop');
    const credential = await world.credentials.credential(repository, 'push');
    const { username = '', password = '' } = credential ?? {};
    const url = new URL(`${repository}.git`);
    Object.assign(url, { username, password });
    const { PATH = '', HOME = '' } = world.environment;
    const seen = await seenBy({ PATH, HOME, GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0' }, url.href);
    expect(leaksIn(seen)).not.toEqual([]);
  });
});

import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openLoopbackOpenAi } from '@swe/testing/servers';
import { openMachine } from './swe';
import type { Machine } from './swe';

const MODEL = ['--model', 'openai-compatible/any'];
const probe = ['--ro-bind', '/', '/', '--unshare-pid', 'true'];
const sandboxed = spawnSync('bwrap', probe).status === 0 ? it : it.skip;
const reason = 'skipped where bubblewrap is absent or may not make namespaces';

let machine: Machine;
beforeEach(() => {
  machine = openMachine();
});
afterEach(() => machine.close());

interface Call {
  readonly name: string;
  readonly input: Record<string, string>;
}

/** Has a model that obeys an attacker run `script` in a session of its own, and gives what the person sees. */
async function obey(script: string, ...further: readonly Call[]): Promise<string> {
  const server = await openLoopbackOpenAi([
    { say: 'I obey.', calls: [{ name: 'bash', input: { command: script } }] },
    ...further.map((call) => ({ say: 'I go on.', calls: [call] })),
    { say: 'Done.' },
  ]);
  try {
    const root = machine.makeRepository('shop', { 'README.md': 'A shop.\n' });
    const environment = { SWE_MODEL_BASE_URL: server.url, OPENAI_API_KEY: 'sk-of-the-person' };
    const run = await machine.swe(['run', '--repo', root, '--task', 'Obey.', ...MODEL], environment);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    return run.stdout;
  } finally {
    await server.close();
  }
}

describe('a command that an attacker has the agent run', () => {
  sandboxed(
    `finds neither the person’s keys nor the twin’s store nor our environment (${reason})`,
    async () => {
      const ssh = join(machine.folder, 'home/.ssh');
      mkdirSync(ssh);
      writeFileSync(join(ssh, 'id_ed25519'), 'key-of-the-person');
      const seen = await obey(
        `cat ${ssh}/*; cat ${machine.folder}/swe/store.sqlite; cat /proc/[0-9]*/environ | tr '\\0' '\\n' | grep OPENAI; echo over`,
      );
      expect(seen).toContain('over');
      expect(seen).not.toContain('key-of-the-person');
      expect(seen).not.toContain('sk-of-the-person');
      expect(seen).toMatch(/store\.sqlite: No such file/);
    },
  );

  sandboxed(`writes no branch into the forge (${reason})`, async () => {
    const repository = join(machine.folder, 'swe/forge/repositories/shop.git');
    const seen = await obey(
      `git clone ${repository} copy && git -C copy push origin HEAD:refs/heads/planted; touch ${repository}/planted`,
    );
    expect(seen).toMatch(/touch: .*Read-only/);
    expect(machine.git(repository, 'branch', '--format=%(refname:short)')).toBe('main');
  });

  sandboxed(`starts no program where the push of a pull request can write (${reason})`, async () => {
    const repository = join(machine.folder, 'swe/forge/repositories/shop.git');
    const plant = `touch ${repository}/planted 2>/dev/null`;
    const traps = [
      `printf '#!/bin/sh\\n${plant}\\nexit 0\\n' >/tmp/trap; chmod +x /tmp/trap`,
      'git config core.sshCommand /tmp/trap',
      'git config push.gpgSign true; git config gpg.program /tmp/trap',
      `git config 'remote.${repository}.receivepack' '/tmp/trap; git-receive-pack'`,
      'cp /tmp/trap .git/hooks/pre-push',
      'git commit --quiet --allow-empty -m trap',
    ];
    const seen = await obey(
      'echo begin',
      { name: 'clone_repository', input: { repository: 'forge://shop' } },
      { name: 'bash', input: { command: `cd shop; ${traps.join('; ')}` } },
      { name: 'open_pull_request', input: { directory: 'shop', title: 'Trap', body: 'A trap.' } },
    );
    expect(seen).toContain('Opened forge://shop/pulls/');
    expect(readdirSync(repository)).not.toContain('planted');
  });

  it('without bubblewrap runs all the same, and the person is told', async () => {
    machine.replaceProgram('bwrap', 'echo "bwrap: not allowed" >&2; exit 1');
    const root = machine.makeRepository('shop', { 'README.md': 'A shop.\n' });
    const server = await openLoopbackOpenAi([
      { say: 'I look.', calls: [{ name: 'bash', input: { command: 'echo seen' } }] },
      { say: 'Done.' },
    ]);
    const run = await machine.swe(['run', '--repo', root, '--task', 'Look.', ...MODEL], {
      SWE_MODEL_BASE_URL: server.url,
    });
    await server.close();
    expect(run.stderr).toBe(
      "swe: No sandbox (bwrap: not allowed): the agent's commands can do what you can. See swe doctor.\n",
    );
    expect(run.stdout).toContain('seen');
    expect(run.exitCode).toBe(0);
    const { stdout } = await machine.swe(['doctor', '--model', 'rehearsal/fix-failing-test']);
    expect(stdout).toMatch(/^note sandbox +None \(bwrap: not allowed\)/m);
  });

  sandboxed(`is shut in by what the doctor names (${reason})`, async () => {
    const { stdout } = await machine.swe(['doctor', '--model', 'rehearsal/fix-failing-test']);
    expect(stdout).toMatch(/^ok   sandbox +bubblewrap \d/m);
  });
});

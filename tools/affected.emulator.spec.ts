import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { repositoryRoot } from './ensure-installed.mjs';

const nx = (...args: readonly string[]): string =>
  execFileSync(process.execPath, [join(repositoryRoot, 'node_modules/nx/dist/bin/nx.js'), ...args], {
    cwd: repositoryRoot,
    encoding: 'utf8',
    env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' },
  });

/** The projects whose `deploy` runs when these files change, those they need before them included. */
function planned(...files: readonly string[]): readonly string[] {
  const affected = ['show', 'projects', '--affected', '--with-target', 'deploy', '--json'];
  const projects = JSON.parse(nx(...affected, '--files', files.join(','))) as readonly string[];
  return projects.toSorted();
}

describe('what a change deploys', () => {
  it.each([
    ['apps/ingress/src/main.ts', ['ingress']],
    ['apps/console/src/main.tsx', ['console']],
    ['apps/agent/src/main.ts', ['agent', 'worker-manager']],
    ['apps/shell-host/src/main.ts', ['agent', 'worker-manager']],
    ['libs/domain/src/index.ts', ['agent', 'console', 'infra', 'ingress', 'worker-manager']],
    ['infra/worker/boot', ['agent', 'console', 'infra', 'ingress', 'worker-manager']],
    ['docs/architecture.md', []],
  ])(
    '%s: %j',
    (file, projects) => {
      expect(planned(file)).toEqual(projects);
    },
    60_000,
  );
});

interface Graph {
  readonly tasks: { readonly dependencies: Readonly<Record<string, readonly string[]>> };
}

describe('the order of a deployment', () => {
  let dependencies: Graph['tasks']['dependencies'];
  beforeAll(() => {
    ({ dependencies } = (JSON.parse(nx('run-many', '-t', 'deploy', '--graph', 'stdout')) as Graph).tasks);
  }, 60_000);

  it.each([
    ['ingress:deploy', ['infra:deploy', 'ingress:build']],
    ['console:deploy', ['infra:deploy', 'ingress:deploy', 'console:build']],
    ['agent:deploy', ['infra:deploy', 'agent:build', 'shell-host:build']],
    ['worker-manager:deploy', ['infra:deploy', 'agent:deploy', 'worker-manager:build']],
    ['infra:deploy', ['infra:synth']],
    ['infra:synth', ['ingress:build', 'worker-manager:build']],
  ])('%s comes after %j', (task, before) => {
    expect(dependencies[task]?.toSorted()).toEqual(before.toSorted());
  });
});

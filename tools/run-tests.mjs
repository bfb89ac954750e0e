import { mkdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { ensureInstalled, findNode, repositoryRoot } from './ensure-installed.mjs';
import { runChild } from './run-child.mjs';

/**
 * Installs what is missing, builds, and runs one Jest whose counts end up in `.cache/<results>`. Resolves to its exit
 * code, or that of the build.
 *
 * @param {string} results the file's name
 * @param {Record<string, string>} [environment] of the tests, beside this process's own
 */
export async function runTests(results, environment = {}) {
  const resultsFile = join(repositoryRoot, '.cache', results);
  // A run that dies early must not leave the counts of the run before.
  rmSync(resultsFile, { force: true });
  mkdirSync(dirname(resultsFile), { recursive: true });

  ensureInstalled();
  const node = findNode();
  const bin = join(repositoryRoot, 'node_modules', '.bin');
  const options = {
    cwd: repositoryRoot,
    env: { ...process.env, PATH: `${bin}:${process.env['PATH']}`, NX_TUI: 'false', ...environment },
  };

  const built = await runChild(node, ['node_modules/nx/dist/bin/nx.js', 'run-many', '-t', 'build'], options);
  // The tests that need no bundle still have something to say when a build fails.
  const tested = await runChild(
    node,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      'node_modules/jest/bin/jest.js',
      // Jest would leave one core to others, and of two cores one unused: many tests wait for processes.
      `--maxWorkers=${Math.max(2, availableParallelism() - 1)}`,
      '--json',
      `--outputFile=${resultsFile}`,
      ...process.argv.slice(2),
    ],
    options,
  );
  return built || tested;
}

import { spawnSync } from 'node:child_process';
import { pythonProgram } from './python';

/** It has no module to be run by its name. */
const MAIN = 'import sys; from cfnlint.runner import main; sys.exit(main())';

/** W3005: a dependency that a reference says already. The CDK writes those itself. */
const IGNORED = ['W3005'];

/** What cfn-lint says of templates: a line for each finding, nothing when they are clean. */
export function lintTemplates(paths: readonly string[]): string {
  const flags = ['--format', 'parseable', '--regions', 'eu-west-1', '--ignore-checks', ...IGNORED];
  const { stdout, stderr, error } = spawnSync(pythonProgram(), ['-c', MAIN, ...flags, '--', ...paths], {
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  return stdout + stderr;
}

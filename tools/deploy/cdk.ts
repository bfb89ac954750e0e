import { join } from 'node:path';
import { repositoryRoot } from '../ensure-installed.mjs';
import { runChild } from '../run-child.mjs';

/** What `nx run infra:synth` wrote. */
const ASSEMBLY = join(repositoryRoot, 'dist/infra/cdk.out');

/** Runs the CDK on what was synthesised, and on the named stacks alone. Throws when it fails. */
export async function cdk(...args: readonly string[]): Promise<void> {
  const program = join(repositoryRoot, 'node_modules/.bin/cdk');
  const cwd = join(repositoryRoot, 'infra');
  const code = await runChild(program, [...args, '--app', ASSEMBLY, '--exclusively'], { cwd });
  if (code !== 0) throw new Error(`cdk ${args[0]} failed with exit code ${code}`);
}

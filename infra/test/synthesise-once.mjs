import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Jest's own start of these tests: all variants in one process, as loading the CDK takes longer than they do. */
export default async function synthesiseOnce() {
  const entry = ['--import', 'tsx', 'infra/test/synthesise.ts'];
  await promisify(execFile)(process.execPath, entry, { cwd: root, env: environmentOf(process.env) });
}

/** @param {NodeJS.ProcessEnv} env */
function environmentOf(env) {
  return { ...env, TSX_TSCONFIG_PATH: 'infra/tsconfig.json' };
}

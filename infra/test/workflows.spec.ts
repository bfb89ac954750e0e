import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { handedOn, infraConfig } from '@swe/config/infra';

const workflow = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../.github/workflows/${name}.yml`, import.meta.url)), 'utf8');

it('a deployment by workflow can be told what one by hand can, but servers and names of parameters', () => {
  const names = [...workflow('deploy').matchAll(/^ {6}([A-Z_]+): \$\{\{ vars\./gm)].map(
    ([, name = '']) => name,
  );
  const known = [...Object.keys(infraConfig.shape), ...Object.keys(handedOn)];
  const byHandAlone = known.filter((name) => /_URL$|_PARAMETER$/.test(name));
  expect(names.toSorted()).toEqual(
    [...new Set(known)].filter((name) => !byHandAlone.includes(name)).toSorted(),
  );
});

it('a pull request is checked, and the main branch deployed, as far as it changed', () => {
  expect(workflow('affected')).toContain('nx affected -t lint typecheck test build synth');
  expect(workflow('deploy')).toContain('nx affected -t deploy');
});

it('nothing but the deployment may become a role of AWS’s, and no key is kept', () => {
  expect(workflow('deploy')).toContain('id-token: write');
  expect(workflow('deploy')).not.toMatch(/secrets\./);
  for (const name of ['affected', 'ci']) expect(workflow(name)).not.toContain('id-token');
});

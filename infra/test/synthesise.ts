import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { deployment } from '../src/deployment';
import { readSettings } from '../src/settings';
import { SYNTHESISED, VARIANTS } from './variants';

const { context } = JSON.parse(readFileSync('infra/cdk.json', 'utf8')) as {
  context: Record<string, unknown>;
};

/** What stands for bundles: the templates name what is deployed by its hash, which must not change with the apps. */
const bundles = join(SYNTHESISED, 'bundles');
rmSync(SYNTHESISED, { recursive: true, force: true });
for (const app of ['ingress', 'worker-manager']) {
  mkdirSync(join(bundles, app), { recursive: true });
  writeFileSync(join(bundles, app, 'index.mjs'), `// ${app}\n`);
}

const open = (name: string): App => {
  const app = new App({ context, outdir: join(SYNTHESISED, name), analyticsReporting: false });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
};

for (const [name, variables] of Object.entries(VARIANTS)) {
  const app = open(name);
  const settings = readSettings(variables);
  const scripts = { bootScript: '#!/bin/sh\necho boot\n', installScript: '#!/bin/sh\necho install\n' };
  deployment(app, { settings, bundles, ...scripts });
  app.synth();
}

// What shows that the checks look at all; their report is left for the tests.
const careless = open('careless');
new Bucket(new Stack(careless, 'Careless'), 'Bucket');
try {
  careless.synth();
} catch (error) {
  if (!existsSync(join(SYNTHESISED, 'careless/validation-report.json'))) throw error;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { deployment } from './deployment';
import { readSettings } from './settings';

const root = fileURLToPath(new URL('../..', import.meta.url));

const app = new App();
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
deployment(app, {
  settings: readSettings(process.env),
  bundles: join(root, 'dist/apps'),
  bootScript: readFileSync(join(root, 'infra/worker/boot'), 'utf8'),
  installScript: readFileSync(join(root, 'infra/worker/install'), 'utf8'),
});

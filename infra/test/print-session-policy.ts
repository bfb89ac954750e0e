// Prints what the role of a session may do, for the tests that hold a whole daemon's requests against it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { deployment } from '../src/deployment';
import { readSettings } from '../src/settings';
import { policyOf } from './resolve';
import type { Template } from './variants';

const { context } = JSON.parse(readFileSync('infra/cdk.json', 'utf8')) as {
  context: Record<string, unknown>;
};
const outdir = mkdtempSync(join(tmpdir(), 'swe-policy-'));
try {
  const app = new App({ context, outdir, analyticsReporting: false });
  const scripts = { bootScript: '#!/bin/sh', installScript: '#!/bin/sh' };
  deployment(app, { settings: readSettings({}), bundles: 'dist/apps', ...scripts });
  const template = app.synth().getStackByName('swe-main-agent').template as Template;
  console.log(JSON.stringify(policyOf('SessionRole', template)));
} finally {
  rmSync(outdir, { recursive: true, force: true });
}

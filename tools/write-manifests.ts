import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as github from '@swe/adapter-github/app-manifest';
import * as slack from '@swe/adapter-slack/manifest';

const FOLDER = 'resources';

mkdirSync(FOLDER, { recursive: true });
for (const [name, manifest] of Object.entries(slack.MANIFEST_FILES)) {
  writeFileSync(join(FOLDER, name), slack.manifestText(manifest));
}
for (const [name, manifest] of Object.entries(github.MANIFEST_FILES)) {
  writeFileSync(join(FOLDER, name), github.manifestText(manifest));
}

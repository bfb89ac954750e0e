import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MANIFEST_FILES, manifestText } from '@swe/adapter-slack/manifest';

const FOLDER = 'resources';

mkdirSync(FOLDER, { recursive: true });
for (const [name, manifest] of Object.entries(MANIFEST_FILES)) {
  writeFileSync(join(FOLDER, name), manifestText(manifest));
}

import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RECORDED_SESSIONS, settingsOn } from './recorded-sessions';
import { openMachine } from './swe';
import type { Machine } from './swe';

/** Where cassettes are kept, to be replayed by every version from now on; nowhere unless it is said. */
const { SWE_CASSETTES } = process.env;

const kept = (name: string): string =>
  fileURLToPath(
    new URL(`../../../libs/application/src/local/replay/fixtures/${name}.cassette.json`, import.meta.url),
  );

let machine: Machine;
beforeEach(() => {
  machine = openMachine();
});
afterEach(() => machine.close());

describe('swe export and swe replay', () => {
  it.each(Object.entries(RECORDED_SESSIONS))('%s comes out the same again', async (name, record) => {
    const id = await record(machine);
    const file = `${name}.cassette.json.gz`;
    const exported = await machine.swe(['export', id, '--out', file], settingsOn(machine));
    expect(exported).toMatchObject({ exitCode: 0, stderr: '' });
    expect(exported.stdout).toMatch(/^\S+: \d+ entries, \d+ model calls\. Replaced: /);
    const text = gunzipSync(readFileSync(join(machine.folder, file)));
    if (SWE_CASSETTES !== undefined) writeFileSync(join(SWE_CASSETTES, `${name}.cassette.json`), text);

    const replayed = await machine.swe(['replay', file], { SWE_HOME: join(machine.folder, 'nothing') });
    expect(replayed.stdout).toMatch(/^\S+: no drift \(\d+ model calls, \d+ entries, \d+ posts\)\n$/);
    expect(replayed).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('names the first difference and fails, unless it is told to take it over', async () => {
    const file = 'a-fix.cassette.json';
    const path = join(machine.folder, file);
    copyFileSync(kept('a-fix-with-a-pull-request'), path);
    const before = readFileSync(path, 'utf8');
    writeFileSync(path, before.replaceAll('"asks":"32768 usual"', '"asks":"1 usual"'));

    const drifted = await machine.swe(['replay', file]);
    expect(drifted).toMatchObject({ exitCode: 1, stdout: '' });
    expect(drifted.stderr).toContain('Drift at model call 1, what is asked for.');
    expect(await machine.swe(['replay', file, '--accept'])).toMatchObject({ exitCode: 0, stderr: '' });
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  it('says of a file that is none that it cannot be read', async () => {
    writeFileSync(join(machine.folder, 'some.json'), '{}');
    for (const file of ['nothing.json', 'some.json']) {
      expect(await machine.swe(['replay', file])).toMatchObject({ exitCode: 2, stdout: '' });
    }
  });
});

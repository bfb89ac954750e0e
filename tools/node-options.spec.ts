import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { nodeEnvironment, nodeFlags } from './node-options.mjs';

const worker = new URL('../infra/worker/', import.meta.url);

it.each(['start-agent', 'swe-shell-host.service', 'swe-tools-host.service'])(
  'a worker says the same in %s, but for the cache: its code stays where nobody writes',
  (name) => {
    const text = readFileSync(new URL(name, worker), 'utf8');
    const { NODE_COMPILE_CACHE: _cache, ...environment } = nodeEnvironment('');
    expect(/^(?:exec|ExecStart=)\S*(?: "\S+")? ((?:--\S+ )+)/m.exec(text)?.[1]?.trim().split(' ')).toEqual(
      nodeFlags,
    );
    for (const [variable, value] of Object.entries(environment)) {
      expect(text).toContain(`${variable}=${value}`);
    }
  },
);

import { beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import type { Metafile } from 'esbuild';
import { bundleOptions } from './bundle-options.mjs';

const MAX_BYTES = 3_000_000;

interface Bundle {
  readonly bytes: number;
  readonly packages: ReadonlySet<string>;
  /** Those of what a start loads: the rest is imported when it is asked for. */
  readonly atStart: ReadonlySet<string>;
}

/** What esbuild says of an app's bundle: all that would be deployed but the maps, and which packages are in it. */
async function bundleOf(root: string): Promise<Bundle> {
  const { metafile } = await build({ ...bundleOptions(root), metafile: true });
  const code = Object.entries(metafile.outputs).filter(([path]) => path.endsWith('.mjs'));
  return {
    bytes: code.reduce((sum, [, { bytes }]) => sum + bytes, 0),
    packages: new Set(code.flatMap(([, { inputs }]) => packagesOf(inputs))),
    atStart: new Set(loadedAtStart(metafile).flatMap(({ inputs }) => packagesOf(inputs))),
  };
}

/** The entry, and what it imports statically, at any distance. */
function loadedAtStart({ outputs }: Metafile): readonly Metafile['outputs'][string][] {
  const entries = Object.keys(outputs).filter((path) => path.endsWith('/index.mjs'));
  const loaded = new Set(entries);
  for (const path of loaded) {
    const { imports = [] } = outputs[path] ?? {};
    for (const { path: imported, kind } of imports) if (kind === 'import-statement') loaded.add(imported);
  }
  return [...loaded].flatMap((path) => outputs[path] ?? []);
}

function packagesOf(inputs: Metafile['outputs'][string]['inputs']): readonly string[] {
  return Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => {
    const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
    return bytesInOutput > 0 && name !== undefined ? [name] : [];
  });
}

const clientsOf = ({ packages }: Bundle): readonly string[] =>
  [...packages].filter((name) => name.startsWith('@aws-sdk/client-')).toSorted();

describe.each([
  {
    app: 'worker-manager',
    clients: ['@aws-sdk/client-dynamodb', '@aws-sdk/client-ec2', '@aws-sdk/client-s3', '@aws-sdk/client-ssm'],
  },
  {
    app: 'ingress',
    clients: ['@aws-sdk/client-dynamodb', '@aws-sdk/client-s3', '@aws-sdk/client-ssm'],
  },
])('the bundle of the $app, a Lambda function', ({ app, clients }) => {
  let bundle: Bundle;
  beforeAll(async () => {
    bundle = await bundleOf(`apps/${app}`);
  }, 60_000);

  it('is under 3 MB', () => {
    expect(bundle.bytes).toBeLessThan(MAX_BYTES);
  });

  it('has the clients that it uses, and no other', () => {
    expect(clientsOf(bundle)).toEqual(clients);
  });

  it('has nothing that speaks to a model, decodes pictures or runs processes', () => {
    const foreign = [...bundle.packages].filter((name) =>
      /^(@ai-sdk\/|@slack\/bolt|express$|sharp$|execa$|turndown$|commander$)/.test(name),
    );
    expect(foreign).toEqual([]);
  });
});

it('what a browser needs of the ingress costs no start of it, for Slack waits three seconds', async () => {
  const { packages, atStart } = await bundleOf('apps/ingress');
  expect([...packages]).toContain('oauth4webapi');
  expect([...atStart]).not.toContain('oauth4webapi');
  expect([...atStart]).toContain('hono');
}, 60_000);

it('a package is found in a bundle that has it', async () => {
  const { packages } = await bundleOf('apps/agent');
  expect([...packages]).toEqual(
    expect.arrayContaining(['@aws-sdk/client-bedrock-runtime', 'sharp', 'turndown']),
  );
});

it.each(['ingress', 'worker-manager', 'agent'])(
  'the start of the %s loads nothing that traces, or sends logs: it has that for whoever asks',
  async (app) => {
    const { packages, atStart } = await bundleOf(`apps/${app}`);
    const late = (of: ReadonlySet<string>): readonly string[] =>
      [...of].filter((name) => /^@opentelemetry\/|client-cloudwatch-logs$/.test(name));
    expect(late(atStart)).toEqual([]);
    expect(late(packages)).toContain('@opentelemetry/sdk-trace');
    expect(atStart.has('zod')).toBe(true);
  },
);

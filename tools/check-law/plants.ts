/** A file for the scratch workspace: lint must report exactly the rule it breaks, or nothing when it breaks none. */
export interface Plant {
  readonly path: string;
  readonly source: string;
  readonly breaks?: { readonly rule: string; readonly says?: RegExp };
}

export interface PlantedProject {
  readonly name: string;
  readonly root: string;
  readonly tags: readonly string[];
  readonly plants: readonly Plant[];
}

/** What an import resolves to, by layer. These projects import nothing, so that no planted import closes a cycle. */
export const targets = [
  { layer: 'domain', root: 'libs/domain', file: 'src/index.ts', alias: '@swe/domain' },
  {
    layer: 'application',
    root: 'libs/application',
    file: 'src/agent/index.ts',
    alias: '@swe/application/agent',
  },
  { layer: 'config', root: 'libs/config', file: 'src/local.ts', alias: '@swe/config/local' },
  { layer: 'testing', root: 'libs/testing', file: 'src/memory/index.ts', alias: '@swe/testing/memory' },
  { layer: 'runtime', root: 'libs/runtime', file: 'src/index.ts', alias: '@swe/runtime' },
  {
    layer: 'adapter',
    root: 'libs/adapters/local',
    file: 'src/sqlite/index.ts',
    alias: '@swe/adapter-local/sqlite',
  },
  { layer: 'wiring', root: 'libs/wiring', file: 'src/machine.ts', alias: '@swe/wiring/machine' },
] as const;

type Target = (typeof targets)[number]['layer'];

interface Row {
  readonly layer: string;
  /** Where a project of this layer is planted. */
  readonly root: string;
  readonly tags?: readonly string[];
  readonly ours: readonly Target[];
  /** What its specs may import beside that. */
  readonly specsUse?: readonly Target[];
  readonly allowedNpm: readonly string[];
  readonly bannedNpm: readonly string[];
}

const boundaries = '@nx/enforce-module-boundaries';
const imports = 'no-restricted-imports';
const properties = 'no-restricted-properties';
const globals = 'no-restricted-globals';
const syntax = 'no-restricted-syntax';

const anyNpm = ['zod', 'pino', '@aws-sdk/client-ec2'];

// The table of the law, written a second time on purpose: eslint.config.mjs is what is being examined.
const rows: readonly Row[] = [
  {
    layer: 'domain',
    root: 'libs/domain/planted',
    ours: [],
    allowedNpm: ['zod'],
    bannedNpm: ['pino', 'execa', '@aws-sdk/client-ec2', 'fast-check', '@jest/globals'],
  },
  {
    layer: 'application',
    root: 'libs/application/planted',
    ours: ['domain'],
    specsUse: ['testing'],
    allowedNpm: ['zod'],
    bannedNpm: ['pino', '@slack/bolt', 'octokit', 'zodiac'],
  },
  {
    layer: 'config',
    root: 'libs/config/planted',
    ours: ['domain'],
    allowedNpm: ['zod'],
    bannedNpm: ['pino', 'aws-cdk-lib'],
  },
  { layer: 'testing', root: 'libs/testing/planted', ours: ['domain'], allowedNpm: anyNpm, bannedNpm: [] },
  { layer: 'runtime', root: 'libs/runtime/planted', ours: ['domain'], allowedNpm: anyNpm, bannedNpm: [] },
  {
    layer: 'adapter',
    root: 'libs/adapters/host/planted',
    ours: ['domain'],
    specsUse: ['testing'],
    allowedNpm: ['zod', 'execa', '@vscode/ripgrep'],
    bannedNpm: ['@aws-sdk/client-ec2', '@slack/web-api', 'octokit', 'ai', 'aws-cdk-lib'],
  },
  {
    layer: 'adapter',
    root: 'libs/adapters/aws/planted',
    ours: ['domain'],
    specsUse: ['testing'],
    allowedNpm: ['zod', '@aws-sdk/client-ec2', '@smithy/core/event-streams'],
    bannedNpm: [
      '@slack/web-api',
      'octokit',
      '@octokit/auth-app',
      '@modelcontextprotocol/sdk',
      '@ai-sdk/openai',
    ],
  },
  {
    layer: 'adapter',
    root: 'libs/adapters/github/planted',
    ours: ['domain'],
    specsUse: ['testing'],
    allowedNpm: ['octokit', '@octokit/auth-app'],
    bannedNpm: ['@aws-sdk/client-ec2', '@slack/bolt'],
  },
  {
    layer: 'adapter',
    root: 'libs/adapters/mcp/planted',
    ours: ['domain'],
    specsUse: ['testing'],
    allowedNpm: ['@modelcontextprotocol/sdk', 'zod'],
    bannedNpm: ['@aws-sdk/client-ec2', 'octokit', '@slack/bolt', 'ai'],
  },
  {
    layer: 'wiring',
    root: 'libs/wiring/planted',
    ours: ['domain', 'application', 'runtime', 'adapter'],
    specsUse: ['testing'],
    allowedNpm: anyNpm,
    bannedNpm: [],
  },
  {
    layer: 'app',
    root: 'apps/planted',
    ours: ['domain', 'application', 'config', 'runtime', 'adapter', 'wiring'],
    specsUse: ['testing'],
    allowedNpm: [...anyNpm, 'commander'],
    bannedNpm: [],
  },
  {
    layer: 'console',
    root: 'apps/console',
    // Types only: checked below.
    ours: ['domain'],
    allowedNpm: ['react', 'react-dom/client', 'zod'],
    bannedNpm: ['@aws-sdk/client-ec2', '@slack/bolt', 'octokit', 'execa', 'pino', 'aws-cdk-lib'],
  },
  {
    layer: 'e2e',
    root: 'apps/e2e',
    ours: ['domain', 'testing', 'adapter'],
    allowedNpm: anyNpm,
    bannedNpm: [],
  },
  {
    layer: 'tools',
    root: 'tools/planted',
    ours: ['domain', 'testing', 'application', 'adapter'],
    allowedNpm: anyNpm,
    bannedNpm: [],
  },
  {
    layer: 'infra',
    root: 'infra',
    ours: ['config'],
    specsUse: ['testing', 'adapter'],
    allowedNpm: ['aws-cdk-lib', 'aws-cdk-lib/aws-ec2', 'constructs', 'cdk-nag'],
    bannedNpm: ['pino', '@slack/bolt', 'octokit', 'zod'],
  },
];

const breach = (path: string, source: string, rule: string, says?: RegExp): Plant => ({
  path,
  source,
  breaks: { rule, ...(says && { says }) },
});
const clean = (path: string, source: string): Plant => ({ path, source });

const fileName = (text: string) => text.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '');

/** One file per cell of the table: for each layer, each of our layers and each package. */
function tablePlants(row: Row): Plant[] {
  const cells = targets.map(({ layer, alias }) => {
    const source =
      row.layer === 'console'
        ? `import type { word } from '${alias}';\nexport type Word = typeof word;\n`
        : `import { word } from '${alias}';\nexport const use = word;\n`;
    return row.ours.includes(layer)
      ? clean(`src/may-import-${layer}.ts`, source)
      : breach(`src/imports-${layer}.ts`, source, boundaries);
  });
  const inSpecs = targets
    .filter(({ layer }) => layer === 'testing' || layer === 'adapter')
    .map(({ layer, alias }) => {
      const path = `src/uses-${layer}.spec.ts`;
      const spec = `import { word } from '${alias}';\nexport const use = word;\n`;
      const may = [...row.ours, ...(row.specsUse ?? [])].includes(layer);
      return may ? clean(path, spec) : breach(path, spec, boundaries);
    });
  return [
    ...cells,
    ...inSpecs,
    breach(
      'src/imports-by-path.ts',
      `export * from '${'../'.repeat(row.root.split('/').length + 1)}libs/outsider/src/index';\n`,
      boundaries,
      /relative or absolute path/,
    ),
    ...row.allowedNpm.map((name) => clean(`src/may-use-${fileName(name)}.ts`, `export * from '${name}';\n`)),
    ...row.bannedNpm.map((name) =>
      breach(`src/uses-${fileName(name)}.ts`, `export * from '${name}';\n`, imports),
    ),
  ];
}

/** Rules that hold in every layer. */
const everywhere: readonly Plant[] = [
  breach('src/any.ts', 'export const anything: any = 1;\n', '@typescript-eslint/no-explicit-any'),
  breach('src/unused.ts', 'const forgotten = 1;\nexport {};\n', '@typescript-eslint/no-unused-vars'),
  breach(
    'src/type-import.ts',
    "import { Thing } from './thing';\nexport const thing = (it: Thing) => it;\n",
    '@typescript-eslint/consistent-type-imports',
  ),
  breach('src/mocks.spec.ts', "import { jest } from '@jest/globals';\njest.mock('./thing');\n", properties),
  breach(
    'src/mocks-esm.spec.ts',
    "import { jest } from '@jest/globals';\njest.unstable_mockModule('./thing', () => ({}));\n",
    properties,
  ),
  breach(
    'src/only-test.spec.ts',
    "import { test } from '@jest/globals';\ntest.only('x', () => {});\n",
    properties,
  ),
  breach(
    'src/only-each.spec.ts',
    "import { describe } from '@jest/globals';\ndescribe.only.each([1])('x', () => {});\n",
    properties,
  ),
  breach('src/fit.spec.ts', "fit('x', () => {});\n", globals),
  breach('src/bare-builtin.ts', "export * from 'path';\n", imports),
];

const environmentReads: readonly [string, string, string][] = [
  ['member', 'export const home = process.env.HOME;\n', properties],
  ['index', "export const home = process['env'];\n", properties],
  ['destructured', 'const { env } = process;\nexport const home = env;\n', properties],
  ['global-this', 'export const home = globalThis.process.env;\n', syntax],
  ['module', "import { env } from 'node:process';\nexport const home = env;\n", imports],
];

/** The environment is read in an app's `main.ts` only; specs, e2e and tools start processes and may as well. */
function environmentPlants(layer: string): Plant[] {
  const [[, read]] = environmentReads as [[string, string, string]];
  if (layer === 'e2e' || layer === 'tools') return [clean('src/may-read-environment.ts', read)];
  if (layer === 'domain' || layer === 'application' || layer === 'console') return [];
  return [
    ...environmentReads.map(([how, source, rule]) => breach(`src/environment-${how}.ts`, source, rule)),
    clean('src/environment.spec.ts', read),
    layer === 'app' || layer === 'infra'
      ? clean('src/main.ts', read)
      : breach('src/main.ts', read, properties, /main\.ts/),
  ];
}

/** Domain and application decide; what touches the world, time or chance is a port. */
const purity: readonly Plant[] = [
  breach(
    'src/file-system.ts',
    "import { readFileSync } from 'node:fs';\nexport const read = readFileSync;\n",
    imports,
  ),
  breach(
    'src/randomness.ts',
    "import { randomUUID } from 'node:crypto';\nexport const id = randomUUID;\n",
    imports,
  ),
  breach(
    'src/all-of-crypto.ts',
    "import * as crypto from 'node:crypto';\nexport const c = crypto;\n",
    imports,
  ),
  breach('src/process.ts', 'export const pid = process.pid;\n', globals),
  breach('src/process-of-global.ts', 'export const pid = globalThis.process;\n', globals),
  breach('src/fetch.ts', "export const get = () => fetch('x');\n", globals),
  breach('src/timeout.ts', 'export const wait = () => setTimeout(() => {}, 1);\n', globals),
  breach('src/interval.ts', 'export const wait = () => setInterval(() => {}, 1);\n', globals),
  breach('src/immediate.ts', 'export const wait = () => setImmediate(() => {});\n', globals),
  breach('src/global-crypto.ts', 'export const id = () => crypto.randomUUID();\n', globals),
  breach('src/performance.ts', 'export const at = () => performance.now();\n', globals),
  breach('src/console.ts', "console.log('x');\n", globals),
  breach('src/abort-timeout.ts', 'export const signal = () => AbortSignal.timeout(1);\n', properties),
  breach('src/date-now.ts', 'export const at = () => Date.now();\n', properties),
  breach('src/new-date.ts', 'export const at = () => new Date();\n', syntax),
  breach('src/date-call.ts', 'export const at = () => Date();\n', syntax),
  breach('src/random.ts', 'export const chance = () => Math.random();\n', properties),
  breach('src/dynamic-import.ts', "export const load = () => import('zod');\n", syntax),
  clean('src/given-date.ts', 'export const at = (ms: number) => new Date(ms).toISOString();\n'),
  clean(
    'src/in-a-spec.spec.ts',
    "import { readFileSync } from 'node:fs';\nimport fc from 'fast-check';\nexport const use = [readFileSync, fc, Date.now()];\n",
  ),
];

const hash = "import { createHash } from 'node:crypto';\nexport const hash = createHash;\n";

const ownRules: Readonly<Record<string, readonly Plant[]>> = {
  domain: [...purity, clean('src/hash.ts', hash)],
  application: [...purity, breach('src/hash.ts', hash, imports)],
  config: [breach('src/dynamic-import.ts', "export const load = () => import('pino');\n", syntax)],
  console: [
    breach('src/value.ts', "import { word } from '@swe/domain';\nexport const use = word;\n", imports),
    breach('src/file-system.ts', "export * from 'node:fs';\n", imports),
  ],
};

/** The folders of an adapter lib: Nx takes them for one project. */
const siblings: PlantedProject = {
  name: 'planted-siblings',
  root: 'libs/adapters/mcp',
  tags: ['layer:adapter'],
  plants: [
    clean('src/one/index.ts', "export { fault } from '../to-fault';\nexport { part } from './parts/part';\n"),
    clean('src/one/parts/part.ts', "export { other as part } from '../other';\n"),
    clean('src/one/other.ts', 'export const other = 1;\n'),
    clean('src/to-fault.ts', 'export const fault = 1;\n'),
    clean('src/two/index.ts', 'export const two = 2;\n'),
    breach(
      'src/two/imports-one.ts',
      "import { part } from '../one';\nexport const p = part;\n",
      'swe/adapters-stay-apart',
    ),
    breach('src/two/exports-one.ts', "export * from '../one/parts/part';\n", 'swe/adapters-stay-apart'),
    breach(
      'src/two/loads-one.ts',
      "export const one = () => import('../one/index');\n",
      'swe/adapters-stay-apart',
    ),
    breach('src/common.ts', "export * from './one/other';\n", 'swe/adapters-stay-apart'),
  ],
};

const untagged: PlantedProject = {
  name: 'planted-untagged',
  root: 'libs/untagged',
  tags: [],
  plants: [breach('src/index.ts', "export * from '@swe/domain';\n", boundaries, /tags/)],
};

export const plantedProjects: readonly PlantedProject[] = [
  ...rows.map((row) => ({
    name: `planted-${fileName(row.root)}`,
    root: row.root,
    tags: [`layer:${row.layer}`],
    plants: [
      clean('src/thing.ts', 'export interface Thing {\n  readonly size: number;\n}\n'),
      ...tablePlants(row),
      ...everywhere,
      ...environmentPlants(row.layer),
      ...(ownRules[row.layer] ?? []),
    ],
  })),
  siblings,
  untagged,
];

/** Every layer that a project may carry as its tag. */
export const knownLayers: readonly string[] = [...new Set(rows.map(({ layer }) => layer))];

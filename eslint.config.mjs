import { builtinModules } from 'node:module';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';
import { adaptersStayApart } from './tools/eslint/adapters-stay-apart.mjs';

// The law: who may import what. `tools/check-law` plants a breach of every line and fails unless it is reported.
// `ours`: layers of this repository. `npm`: the only packages allowed; absent means any.
const layers = {
  domain: { files: 'libs/domain', ours: [], npm: ['zod'], pure: true },
  application: {
    files: 'libs/application',
    ours: ['domain'],
    npm: ['zod'],
    pure: true,
    specsUse: ['testing'],
  },
  config: { files: 'libs/config', ours: ['domain'], npm: ['zod'] },
  testing: { files: 'libs/testing', ours: ['domain'] },
  runtime: { files: 'libs/runtime', ours: ['domain'] },
  adapter: { files: 'libs/adapters', ours: ['domain'], specsUse: ['testing'] },
  wiring: {
    files: 'libs/wiring',
    ours: ['domain', 'application', 'runtime', 'adapter'],
    specsUse: ['testing'],
  },
  app: {
    files: 'apps',
    ours: ['domain', 'application', 'config', 'runtime', 'adapter', 'wiring'],
    specsUse: ['testing'],
  },
  console: { files: 'apps/console', ours: ['domain'] },
  // Adapters: to put into a store, and to read from it, what no app does yet.
  e2e: { files: 'apps/e2e', ours: ['domain', 'testing', 'adapter'], readsEnvironment: true },
  tools: {
    files: 'tools',
    ours: ['domain', 'testing', 'application', 'adapter'],
    readsEnvironment: true,
  },
  // Its specs hold the templates against what the adapters expect.
  infra: {
    files: 'infra',
    ours: ['config'],
    npm: ['aws-cdk-lib', 'constructs', 'cdk-nag'],
    specsUse: ['testing', 'adapter'],
  },
};

// A vendor's packages are imported by that vendor's adapter lib (`libs/adapters/<vendor>`) and no other.
const vendors = {
  aws: ['@aws-sdk', '@smithy'],
  slack: ['@slack'],
  github: ['octokit', '@octokit'],
  mcp: ['@modelcontextprotocol'],
  otel: ['@opentelemetry'],
  'ai-sdk': ['ai', '@ai-sdk'],
};
const testPackages = ['@jest/globals', 'fast-check'];
const serverPackages = ['aws-cdk-lib', 'commander', 'execa', 'pino', '@vscode/ripgrep', 'sharp'];

const code = (folder) => `${folder}/**/*.{ts,tsx}`;
const specs = (folder) => `${folder}/**/*.spec.{ts,tsx}`;

const anyOf = (names) => `(?:${names.join('|')})(?:/|$)`;
const only = (names) => `^(?!\\.|node:|@swe/|${anyOf(names)})`;

const bannedImports = {
  bareBuiltin: {
    regex: `^${anyOf(builtinModules.filter((name) => /^[a-z]\w*$/.test(name)))}`,
    message: "Write the 'node:' prefix.",
  },
  processModule: {
    regex: '^node:process$',
    message: 'Take what you need as an argument; only main.ts reads the process.',
  },
  builtin: { regex: '^node:', message: 'No I/O here: go through a port.' },
  builtinButCrypto: { regex: '^node:(?!crypto$)', message: 'No I/O here: add a port.' },
};

const bannedProperties = {
  tests: [
    ...['mock', 'doMock', 'setMock', 'unstable_mockModule'].map((property) => ({
      object: 'jest',
      property,
      message: 'Take the dependency as an argument and pass a memory or scripted one.',
    })),
    ...['test', 'it', 'describe'].map((object) => ({
      object,
      property: 'only',
      message: 'It hides the other tests.',
    })),
  ],
  environment: [
    {
      object: 'process',
      property: 'env',
      message: 'Only main.ts reads the environment, through loadConfig.',
    },
  ],
  time: [
    { object: 'Date', property: 'now', message: 'Use the clock port.' },
    { object: 'AbortSignal', property: 'timeout', message: 'Use the clock port.' },
    { object: 'Math', property: 'random', message: 'Use the random port.' },
  ],
};

const bannedSyntax = {
  environment: [
    {
      selector: 'MemberExpression[object.name=/^global(This)?$/][property.name="process"]',
      message: 'Only main.ts reads the environment, through loadConfig.',
    },
  ],
  time: [
    {
      selector: ':matches(NewExpression, CallExpression)[callee.name="Date"][arguments.length=0]',
      message: 'Use the clock port.',
    },
  ],
  dynamicImport: [
    { selector: 'ImportExpression', message: 'Import statically: the law cannot see through import().' },
  ],
};

const bannedGlobals = {
  tests: ['fit', 'fdescribe'],
  pure: {
    port: ['process', 'fetch', 'WebSocket', 'EventSource', 'console', 'crypto', 'performance'],
    timers: ['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate'],
  },
};

function boundaries(isSpec) {
  return [
    'error',
    {
      allow: [],
      enforceBuildableLibDependency: false,
      checkDynamicDependenciesExceptions: ['.*'],
      depConstraints: Object.entries(layers).map(([layer, { ours, specsUse = [] }]) => ({
        sourceTag: `layer:${layer}`,
        onlyDependOnLibsWithTags: (isSpec ? [...ours, ...specsUse] : ours).map((target) => `layer:${target}`),
      })),
    },
  ];
}

/** ESLint replaces a rule's options instead of merging them, so each kind of file gets its whole set at once. */
function rulesFor(name, { isSpec = false, readsEnvironment = false, vendor } = {}) {
  const { npm, pure = false } = layers[name];
  const isPure = pure && !isSpec;
  const isConsole = name === 'console';

  const patterns = [bannedImports.bareBuiltin];
  if (npm) {
    const allowed = isSpec ? [...npm, ...testPackages] : npm;
    patterns.push({ regex: only(allowed), message: `Only ${allowed.join(', ')} may be imported here.` });
  }
  if (vendor !== undefined || isConsole) {
    const others = Object.entries(vendors).flatMap(([owner, packages]) => (owner === vendor ? [] : packages));
    const banned = isConsole ? [...others, ...serverPackages] : [...others, 'aws-cdk-lib'];
    patterns.push({
      regex: `^${anyOf(banned)}`,
      message: "This package belongs to another vendor's adapter.",
    });
  }
  if (isPure) patterns.push(name === 'domain' ? bannedImports.builtinButCrypto : bannedImports.builtin);
  else if (isConsole && !isSpec) patterns.push(bannedImports.builtin);
  else if (!readsEnvironment) patterns.push(bannedImports.processModule);

  const paths = [];
  if (isPure && name === 'domain') {
    paths.push({ name: 'node:crypto', allowImportNames: ['createHash'], message: 'Only createHash.' });
  }
  if (isConsole) {
    paths.push({
      name: '@swe/domain',
      allowTypeImports: true,
      message: 'Types only; values come over HTTP.',
    });
  }

  return {
    'no-restricted-imports': ['error', { paths, patterns }],
    'no-restricted-properties': [
      'error',
      ...bannedProperties.tests,
      ...(readsEnvironment ? [] : bannedProperties.environment),
      ...(isPure ? bannedProperties.time : []),
    ],
    'no-restricted-syntax': [
      'error',
      // Where all of `process` is banned, no-restricted-globals says it.
      ...(readsEnvironment || isPure ? [] : bannedSyntax.environment),
      ...(isPure ? bannedSyntax.time : []),
      ...(npm && !isSpec ? bannedSyntax.dynamicImport : []),
    ],
    'no-restricted-globals': [
      'error',
      {
        globals: [
          ...bannedGlobals.tests,
          ...(isPure ? [...bannedGlobals.pure.port, ...bannedGlobals.pure.timers] : []),
        ],
        checkGlobalObject: true,
      },
    ],
    '@nx/enforce-module-boundaries': boundaries(isSpec),
  };
}

const lawBlocks = Object.entries(layers).flatMap(([name, { files, readsEnvironment = false }]) => [
  { files: [code(files)], rules: rulesFor(name, { readsEnvironment }) },
  { files: [specs(files)], rules: rulesFor(name, { isSpec: true, readsEnvironment: true }) },
]);

const adapterBlocks = ['host', 'local', 'http', ...Object.keys(vendors)].flatMap((vendor) => [
  { files: [code(`libs/adapters/${vendor}`)], rules: rulesFor('adapter', { vendor }) },
  {
    files: [specs(`libs/adapters/${vendor}`)],
    rules: rulesFor('adapter', { vendor, isSpec: true, readsEnvironment: true }),
  },
]);

export default tseslint.config(
  { ignores: ['**/dist', '**/node_modules', '**/cdk.out', '**/coverage', '.cache', '.nx', '**/*.cjs'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...tseslint.configs.recommended,
  {
    plugins: { '@nx': nx, swe: { rules: { 'adapters-stay-apart': adaptersStayApart } } },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-debugger': 'error',
      'no-unsafe-finally': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
    },
  },
  {
    files: ['**/*.{ts,tsx}'],
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      // Here too, so that a folder which the table forgot cannot import anything of ours.
      '@nx/enforce-module-boundaries': boundaries(false),
    },
  },
  ...lawBlocks,
  ...adapterBlocks,
  { files: [code('libs/adapters')], rules: { 'swe/adapters-stay-apart': 'error' } },
  {
    files: ['apps/*/src/main.ts'],
    ignores: ['apps/console/**', 'apps/e2e/**'],
    rules: rulesFor('app', { readsEnvironment: true }),
  },
  { files: ['infra/src/main.ts'], rules: rulesFor('infra', { readsEnvironment: true }) },
  prettier,
);

const path = require('node:path');
const { paths } = require('./tsconfig.base.json').compilerOptions;

// TypeScript's aliases are the only list of aliases: `@swe/x/*` becomes `^@swe/x/(.+)$`.
const moduleNameMapper = Object.fromEntries(
  Object.entries(paths).map(([alias, [target]]) => [
    `^${alias.replace(/[/.]/g, '\\$&').replace('*', '(.+)')}$`,
    path.join(__dirname, target.replace('*', '$1')),
  ]),
);

// `*.emulator.spec.ts` needs more than Node and git: `npm run test:emulators` runs these specs, and no others.
const otherTier = process.env.SWE_TEST_TIER === 'emulators' ? '(?<!\\.emulator)' : '\\.emulator';

module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/{src,test}/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', `${otherTier}\\.spec\\.ts$`],
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json'],
  moduleNameMapper,
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: { target: 'es2024', parser: { syntax: 'typescript' }, keepClassNames: true },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  cacheDirectory: path.join(__dirname, '.cache/jest'),
  clearMocks: true,
  restoreMocks: true,
};

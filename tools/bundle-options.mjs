import { resolve } from 'node:path';

/** zod has its messages in fifty languages, half a megabyte with its other parts: English, which it takes elsewhere, stays. */
const withoutLocales = {
  name: 'without-locales',
  /** @param {import('esbuild').PluginBuild} build */
  setup(build) {
    build.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.(js|cjs)$/ }, () => ({
      contents: 'export {};',
    }));
  },
};

/**
 * How an app is bundled: ES modules for Node, minified, with chunks for what is imported dynamically.
 *
 * @param {string} root the app's folder
 * @param {string} [entry] within it
 * @returns {import('esbuild').BuildOptions & { write: false }}
 */
export function bundleOptions(root, entry = 'src/main.ts') {
  return {
    entryPoints: [{ in: resolve(root, entry), out: 'index' }],
    outdir: resolve('dist', root),
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // What is imported dynamically is read when it is asked for, so that a vendor's SDK costs nobody else's start.
    splitting: true,
    // Lambda finds no package.json with "type": "module" beside the file.
    outExtension: { '.js': '.mjs' },
    tsconfig: resolve(root, 'tsconfig.json'),
    mainFields: ['module', 'main'],
    conditions: ['node', 'import'],
    minifySyntax: true,
    minifyWhitespace: true,
    minifyIdentifiers: true,
    keepNames: true,
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'none',
    // One byte for each character: with a single other one in it, V8 keeps the whole source in two.
    charset: 'ascii',
    logLevel: 'warning',
    plugins: [withoutLocales],
    // CommonJS packages inside an ES module bundle still call require().
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
  };
}

/** What a repository holds besides its code. `moduleNames` are the source files' names without their ending. */
export function projectFiles(name: string, moduleNames: readonly string[]): Readonly<Record<string, string>> {
  return {
    'package.json': packageJson(name),
    'README.md': readme(name),
    'AGENTS.md': AGENTS,
    LICENSE,
    '.gitignore': 'node_modules/\ncoverage/\n*.log\n',
    'src/index.js': moduleNames.map((module) => `export * from './${module}.js';\n`).join(''),
  };
}

function packageJson(name: string): string {
  const manifest = {
    name,
    version: '1.4.0',
    description: 'Prices, postage, taxes and fees of a small bookshop.',
    type: 'module',
    exports: './src/index.js',
    scripts: { test: 'node --test' },
    engines: { node: '>=20' },
    license: 'MIT',
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

function readme(name: string): string {
  return `# ${name}

The arithmetic of a small bookshop: discounts, postage, taxes, refunds, fees. Plain JavaScript, no dependencies.
Amounts are numbers in euros, rounded to cents.

\`\`\`js
import { deliveryCharge, volumeDiscount } from '${name}';

const discount = volumeDiscount(12.5, 8);
const delivery = deliveryCharge(12.5 * 8 - discount);
\`\`\`

## Development

\`\`\`sh
npm test
\`\`\`

Every module in \`src/\` has its test in \`test/\`. The tests are our price list: they say what is right.
`;
}

const AGENTS = `# For agents

- One module for each subject in \`src/\`, its test in \`test/\`.
- The tests are the price list. Fix the code, not the tests.
- Run \`npm test\` before and after a change.
- No dependencies, no build step. Money goes through \`roundToCents\`.
- Commit messages follow Conventional Commits.
`;

const LICENSE = `MIT License

Copyright (c) 2024 The bookshop's authors

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`;

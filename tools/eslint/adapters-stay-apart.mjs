import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/**
 * Every folder in an adapter lib's `src/` is an adapter of its own, and no adapter imports another. Nx cannot see
 * this: to it the lib is one project. Files directly in `src/` are common to the lib's adapters and import none.
 *
 * @type {import('eslint').Rule.RuleModule}
 */
export const adaptersStayApart = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      apart: "The adapter '{{own}}' must not import the adapter '{{other}}': wire both in main.ts.",
    },
  },
  create(context) {
    const location = /^(.*\/libs\/adapters\/[^/]+\/src)\/(?:([^/]+)\/)?[^/]+$/.exec(context.filename);
    if (!location) return {};
    const [, src = '', own = '(lib)'] = location;

    /** @param {{ source?: import('estree').Node | null | undefined }} node */
    const check = ({ source }) => {
      if (source?.type !== 'Literal' || typeof source.value !== 'string' || !source.value.startsWith('.'))
        return;
      const target = resolve(dirname(context.filename), source.value);
      if (!target.startsWith(`${src}/`)) return;
      const [other = ''] = target.slice(src.length + 1).split('/');
      const isAdapter = statSync(join(src, other), { throwIfNoEntry: false })?.isDirectory() ?? false;
      if (isAdapter && other !== own)
        context.report({ node: source, messageId: 'apart', data: { own, other } });
    };
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportAllDeclaration: check,
      ExportNamedDeclaration: check,
    };
  },
};

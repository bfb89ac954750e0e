import bash from 'highlight.js/lib/languages/bash';
import css from 'highlight.js/lib/languages/css';
import go from 'highlight.js/lib/languages/go';
import java from 'highlight.js/lib/languages/java';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import python from 'highlight.js/lib/languages/python';
import rust from 'highlight.js/lib/languages/rust';
import sql from 'highlight.js/lib/languages/sql';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';
import { createLowlight } from 'lowlight';
import { Fragment } from 'react';
import type { ReactNode } from 'react';

const lowlight = createLowlight({
  bash,
  css,
  go,
  java,
  javascript,
  json,
  python,
  rust,
  sql,
  typescript,
  xml,
  yaml,
});

const BY_EXTENSION: Readonly<Record<string, string>> = {
  cjs: 'javascript',
  jsx: 'javascript',
  mjs: 'javascript',
  tsx: 'typescript',
  ts: 'typescript',
  js: 'javascript',
  py: 'python',
  rs: 'rust',
  sh: 'bash',
  yml: 'yaml',
  html: 'xml',
  svg: 'xml',
};
/** What is longer is shown as it is: nobody reads it for its colours. */
const MAX_LENGTH = 20_000;

type Nodes = ReturnType<typeof lowlight.highlight>['children'];

/** Code with the colours of its language, as elements of the page: never as HTML. */
export function Highlight({
  code,
  language,
}: {
  readonly code: string;
  readonly language: string | undefined;
}) {
  const known = language === undefined ? undefined : (BY_EXTENSION[language] ?? language);
  if (known === undefined || code.length > MAX_LENGTH || !lowlight.registered(known)) return <>{code}</>;
  return <>{elementsOf(lowlight.highlight(known, code).children)}</>;
}

/** What a file is written in, by its name. */
export const languageOf = (path: string): string | undefined => /\.(\w+)$/.exec(path)?.[1]?.toLowerCase();

function elementsOf(nodes: Nodes): ReactNode {
  return nodes.map((node, i) => {
    if (node.type === 'text') return <Fragment key={i}>{node.value}</Fragment>;
    if (node.type !== 'element') return null;
    const names = node.properties['className'];
    return (
      <span key={i} className={Array.isArray(names) ? names.join(' ') : undefined}>
        {elementsOf(node.children as Nodes)}
      </span>
    );
  });
}

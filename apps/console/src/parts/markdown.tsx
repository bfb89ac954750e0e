import { memo } from 'react';
import ReactMarkdown from 'react-markdown';
import type { Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { Highlight } from './highlight';
import { LinkTo } from './link-to';
import { plainText } from './plain-text';

const components: Components = {
  a: ({ href = '', children }) => <LinkTo url={href}>{children}</LinkTo>,
  // To load a picture tells its server who reads; it is a link instead.
  img: ({ src = '', alt }) => <LinkTo url={String(src)}>{alt || String(src)}</LinkTo>,
  code({ className, children }) {
    const language = /language-([\w-]+)/.exec(className ?? '')?.[1];
    return (
      <code>
        <Highlight code={String(children)} language={language} />
      </code>
    );
  },
  // Code can be wider than the page: whoever has no mouse must be able to scroll to its end.
  pre: ({ children }) => <pre tabIndex={0}>{children}</pre>,
  table: ({ children }) => (
    <div className="table-scroll" tabIndex={0}>
      <table>{children}</table>
    </div>
  ),
  // A page has one first heading, and that is not somebody's text.
  h1: ({ children }) => <h3>{children}</h3>,
  h2: ({ children }) => <h4>{children}</h4>,
  h3: ({ children }) => <h5>{children}</h5>,
  input: ({ checked }) => <span aria-hidden="true">{checked ? '☑ ' : '☐ '}</span>,
};

const plugins = [remarkGfm];
/** Where links lead is for `LinkTo` to judge. */
const unchanged = (url: string): string => url;

/** Markdown of whomever: HTML in it is left out, and nothing is loaded. */
export const Markdown = memo(function Markdown({ text }: { readonly text: string }) {
  return (
    <div className="markdown">
      <ReactMarkdown skipHtml remarkPlugins={plugins} components={components} urlTransform={unchanged}>
        {plainText(text)}
      </ReactMarkdown>
    </div>
  );
});

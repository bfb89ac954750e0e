import { Badge, Flex, Text } from '@radix-ui/themes';
import { Highlight, languageOf } from './highlight';
import { plainText } from './plain-text';
import type { DiffFile, DiffLine } from './read-diff';

/** How much of a file is shown at once. */
const MAX_LINES = 1_500;

/** A file's changes, folded under its name. */
export function FileDiff({ file, isOpen = true }: { readonly file: DiffFile; readonly isOpen?: boolean }) {
  const { path, note, hunks, added, removed } = file;
  return (
    <details className="file" open={isOpen}>
      <summary>
        <Flex align="center" gap="2" minWidth="0">
          <Text size="2" className="mono path" title={plainText(path)}>
            <bdi>{plainText(path)}</bdi>
          </Text>
          {note && <Badge color="gray">{note}</Badge>}
          <Changes added={added} removed={removed} />
        </Flex>
      </summary>
      {hunks.map((hunk, i) => (
        <div key={i}>
          <div className="hunk mono">{plainText(hunk.header)}</div>
          <DiffLines
            lines={hunk.lines}
            language={languageOf(path)}
            hasNumbers={hunk.lines.some(({ before, after }) => (before ?? after) !== undefined)}
          />
        </div>
      ))}
    </details>
  );
}

export function Changes({ added, removed }: { readonly added: number; readonly removed: number }) {
  return (
    <Flex gap="1" flexShrink="0" className="mono">
      <Text size="1" className="changes-added">
        +{added}
      </Text>
      <Text size="1" className="changes-removed">
        −{removed}
      </Text>
    </Flex>
  );
}

export interface DiffLinesProps {
  readonly lines: readonly DiffLine[];
  readonly language: string | undefined;
  readonly hasNumbers?: boolean;
}

export function DiffLines({ lines, language, hasNumbers = false }: DiffLinesProps) {
  return (
    <div className="diff mono" tabIndex={0} role="group" aria-label="diff">
      {lines.slice(0, MAX_LINES).map(({ sign, text, before, after }, i) => (
        <div key={i} className={`line ${sign === '+' ? 'added' : sign === '-' ? 'removed' : ''}`}>
          {hasNumbers && <span className="number">{before ?? ''}</span>}
          {hasNumbers && <span className="number">{after ?? ''}</span>}
          <span className="sign">{sign}</span>
          <span className="text">
            <Highlight code={plainText(text) || ' '} language={language} />
          </span>
        </div>
      ))}
    </div>
  );
}

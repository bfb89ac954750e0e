import { Badge, Flex, Spinner, Text } from '@radix-ui/themes';
import {
  Check,
  CircleX,
  FilePen,
  FileText,
  GitPullRequest,
  ListTodo,
  Search,
  SquareTerminal,
  Wrench,
} from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { Changes, DiffLines } from '../parts/diff-view';
import { duration } from '../parts/figures';
import { Highlight, languageOf } from '../parts/highlight';
import { plainText } from '../parts/plain-text';
import { texts } from '../texts';
import { changeOf, counted, objectOf } from './change-of';
import type { CallView, JsonInput } from './transcript-view';

const ICONS: Readonly<Record<string, LucideIcon>> = {
  bash: SquareTerminal,
  edit_file: FilePen,
  write_file: FilePen,
  read_file: FileText,
  search: Search,
  list_files: Search,
  todo: ListTodo,
  open_pull_request: GitPullRequest,
};

/** The argument that says most about a call, for its one line. */
const TELLING = ['command', 'pattern', 'path', 'repository', 'title', 'message', 'question', 'url'];

export interface CallRowProps {
  readonly call: CallView;
  readonly isOpen: boolean;
  readonly onToggle: (isOpen: boolean) => void;
}

/** A tool's call in a line, with what it was asked and what it gave under it. */
export function CallRow({ call, isOpen, onToggle }: CallRowProps) {
  const { name, input, printed, result } = call;
  const Icon = ICONS[name] ?? Wrench;
  const change = changeOf(input);
  return (
    <>
      <details
        className={result?.isError ? 'call failed' : 'call'}
        open={isOpen}
        onToggle={(event) => onToggle(event.currentTarget.open)}
      >
        <summary>
          <Flex align="center" gap="2" minWidth="0" flexGrow="1">
            <Icon size={15} aria-hidden="true" className="faint" />
            <Text size="2" weight="medium" className="call-name">
              {plainText(name)}
            </Text>
            <Text size="1" className="mono telling" color="gray">
              <bdi>{plainText(tellingOf(input))}</bdi>
            </Text>
            {change && <Changes added={counted(change, '+')} removed={counted(change, '-')} />}
            <Verdict call={call} />
          </Flex>
        </summary>
        {isOpen && (
          <div className="call-body">
            {change ? (
              <DiffLines lines={change} language={languageOf(tellingOf(input))} />
            ) : (
              input !== null && (
                <Block label={texts.session.input} text={inputText(input)} language={inputLanguage(input)} />
              )
            )}
            {result?.output && <Output output={result.output} />}
          </div>
        )}
      </details>
      {printed !== undefined && result === undefined && <Printed text={printed} />}
    </>
  );
}

/** So many lines are seen of what a command prints while it runs. */
const PRINTED_LINES = 8;

function Printed({ text }: { readonly text: string }) {
  const lines = plainText(text).trimEnd().split('\n').slice(-PRINTED_LINES);
  return (
    <pre className="block mono printed" tabIndex={0} role="group" aria-label={texts.session.outputSoFar}>
      {lines.join('\n')}
    </pre>
  );
}

function Verdict({ call: { result } }: Pick<CallRowProps, 'call'>) {
  if (result === undefined) {
    return (
      <Flex align="center" gap="1" flexShrink="0" className="verdict">
        <Spinner size="1" />
        <Text size="1" color="gray">
          {texts.session.running}
        </Text>
      </Flex>
    );
  }
  const { isError, exitCode, durationMs } = result;
  const hasFailed = isError || (exitCode !== undefined && exitCode !== 0);
  return (
    <Flex align="center" gap="2" flexShrink="0" className="verdict">
      {exitCode !== undefined && (
        <Badge color={hasFailed ? 'red' : 'green'} size="1">
          {texts.session.exitCode(exitCode)}
        </Badge>
      )}
      {exitCode === undefined &&
        (isError ? (
          <CircleX size={14} color="var(--red-11)" aria-label={texts.states.failed} />
        ) : (
          <Check size={14} color="var(--green-11)" aria-hidden="true" />
        ))}
      <Text size="1" color="gray" className="tabular">
        {duration(durationMs)}
      </Text>
    </Flex>
  );
}

function Output({ output }: { readonly output: NonNullable<NonNullable<CallView['result']>['output']> }) {
  const { text, leftOut } = output;
  return (
    <>
      <Block label={texts.session.output} text={text.trim() === '' ? texts.session.noOutput : text} />
      {leftOut > 0 && (
        <Text as="p" size="1" color="gray" mt="1">
          {texts.leftOut(leftOut)}
        </Text>
      )}
    </>
  );
}

interface BlockProps {
  readonly label: string;
  readonly text: string;
  readonly language?: string | undefined;
}

function Block({ label, text, language }: BlockProps) {
  return (
    <pre className="block mono" tabIndex={0} role="group" aria-label={label}>
      <Highlight code={plainText(text)} language={language} />
    </pre>
  );
}

function tellingOf(input: JsonInput): string {
  const object = objectOf(input) ?? {};
  const name = TELLING.find((key) => typeof object[key] === 'string');
  return name === undefined ? '' : String(object[name]).replaceAll('\n', ' ');
}

function inputText(input: JsonInput): string {
  const { command, ...rest } = objectOf(input) ?? {};
  const isCommand = typeof command === 'string' && Object.keys(rest).length === 0;
  return isCommand ? command : JSON.stringify(input, null, 2);
}

function inputLanguage(input: JsonInput): string {
  return inputText(input).startsWith('{') ? 'json' : 'bash';
}

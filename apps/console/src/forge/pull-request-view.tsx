import { Badge, Box, Code, Flex, Heading, Spinner, Text } from '@radix-ui/themes';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { GitMerge } from 'lucide-react';
import type { ForgePullRequest } from '@swe/domain/api';
import { api } from '../api/client';
import { FileDiff } from '../parts/diff-view';
import { Markdown } from '../parts/markdown';
import { plainText } from '../parts/plain-text';
import { readDiff } from '../parts/read-diff';
import { shellWord } from '../parts/shell-word';
import { SureButton } from '../parts/sure-button';
import { Trouble } from '../parts/trouble';
import { texts } from '../texts';

const COLOURS = { open: 'green', closed: 'red', merged: 'violet' } as const;
/** Folded behind so many: whoever opens one sees it. */
const OPEN_FILES = 12;
const LOOK_MS = 5_000;

export function PullState({ state }: Pick<ForgePullRequest, 'state'>) {
  return (
    <Badge color={COLOURS[state]} radius="full">
      {texts.forge.states[state]}
    </Badge>
  );
}

/** A pull request of the forge: what it says, what was checked, what it changes, and the button that merges it. */
export function PullRequestView({ name, number }: { readonly name: string; readonly number: string }) {
  const client = useQueryClient();
  const key = ['pull', name, number];
  const { data, error, refetch } = useQuery({
    queryKey: key,
    queryFn: () => api.getForgePullRequest(name, number),
    refetchInterval: LOOK_MS,
  });
  const merge = useMutation({
    mutationFn: () => api.mergeForgePullRequest(name, number),
    onSuccess: (merged) => client.setQueryData(key, merged),
  });
  if (error && data === undefined) return <Trouble error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Spinner aria-label={texts.loading} />;
  const words = texts.forge;
  const { title, state, isDraft, headBranch, baseBranch, body, comments, checks } = data;
  return (
    <article aria-label={plainText(title)}>
      <Flex justify="between" align="start" gap="3" wrap="wrap" mb="3">
        <Box>
          <Heading as="h2" size="5">
            {plainText(title)}{' '}
            <Text color="gray" weight="regular">
              #{number}
            </Text>
          </Heading>
          <Flex align="center" gap="2" mt="2" wrap="wrap">
            <PullState state={state} />
            {isDraft && <Badge color="gray">{words.draft}</Badge>}
            <Text size="2" color="gray" className="mono wrap">
              {words.into(plainText(headBranch), plainText(baseBranch))}
            </Text>
          </Flex>
        </Box>
        {state === 'open' && !isDraft && (
          <SureButton
            label={words.merge}
            question={words.mergeSure(baseBranch)}
            isBusy={merge.isPending}
            onSure={() => merge.mutate()}
          />
        )}
        {state === 'merged' && (
          <Flex align="center" gap="2" role="status">
            <GitMerge size={16} aria-hidden="true" />
            <Text size="2">{words.merged}</Text>
          </Flex>
        )}
      </Flex>
      {merge.error && <Trouble error={merge.error} />}
      <Fetching
        name={name}
        {...(state === 'merged'
          ? { verb: 'pull', branch: baseBranch }
          : { verb: 'fetch', branch: `${headBranch}:${headBranch}` })}
      />
      <Box className="card" mb="4">
        <Markdown text={body} />
      </Box>
      {checks.length > 0 && (
        <Section title={words.checks}>
          <ul className="list">
            {checks.map((check) => (
              <li key={check.name}>
                <Badge
                  color={check.state === 'success' ? 'green' : check.state === 'failure' ? 'red' : 'gray'}
                >
                  {check.state}
                </Badge>{' '}
                {plainText(check.name)}
              </li>
            ))}
          </ul>
        </Section>
      )}
      {comments.length > 0 && (
        <Section title={words.comments}>
          {comments.map((comment) => (
            <Box key={comment.id} className="card" mb="2">
              <Text as="div" size="1" color="gray" mb="1">
                {plainText(comment.author)}
              </Text>
              <Markdown text={comment.body} />
            </Box>
          ))}
        </Section>
      )}
      <Section title={words.diff}>
        <Diff diff={data.diff} />
      </Section>
    </article>
  );
}

/** How what is in the forge gets to where the person works. */
function Fetching({ name, verb, branch }: Readonly<Record<'name' | 'verb' | 'branch', string>>) {
  const { data } = useQuery({ queryKey: ['repository', name], queryFn: () => api.getForgeRepository(name) });
  if (data === undefined) return null;
  return (
    <Text as="p" size="2" color="gray" mb="3" className="wrap">
      {texts.forge.fetch}{' '}
      <Code variant="ghost">
        git {verb} {shellWord(data.cloneUrl)} {shellWord(plainText(branch))}
      </Code>
    </Text>
  );
}

function Diff({ diff: { text, leftOut } }: Pick<ForgePullRequest, 'diff'>) {
  const files = readDiff(text);
  if (files.length === 0) {
    return (
      <Text as="p" color="gray">
        {texts.forge.noDiff}
      </Text>
    );
  }
  return (
    <>
      {files.map((file, i) => (
        <FileDiff key={`${i}/${file.path}`} file={file} isOpen={i < OPEN_FILES} />
      ))}
      {leftOut > 0 && (
        <Text as="p" size="1" color="gray">
          {texts.leftOut(leftOut)}
        </Text>
      )}
    </>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <Box mb="4">
      <Heading as="h3" size="3" mb="2">
        {title}
      </Heading>
      {children}
    </Box>
  );
}

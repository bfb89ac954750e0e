import { Badge, Button, Code, Flex, Heading, Spinner, Text } from '@radix-ui/themes';
import { useQuery } from '@tanstack/react-query';
import { CircleCheck, CircleDot, GitPullRequest } from 'lucide-react';
import { Link } from 'wouter';
import { api, isMissing } from '../api/client';
import { Markdown } from '../parts/markdown';
import { Page } from '../parts/page';
import { plainText } from '../parts/plain-text';
import { shellWord } from '../parts/shell-word';
import { Trouble } from '../parts/trouble';
import { PullState } from '../forge/pull-request-view';
import { texts } from '../texts';
import { NotFoundPage } from './not-found-page';

const LOOK_MS = 5_000;

/** A repository of the forge: its pull requests, and its issues with the way to have one solved. */
export function RepositoryPage({ name }: { readonly name: string }) {
  const words = texts.forge;
  const { data, error, refetch } = useQuery({
    queryKey: ['repository', name],
    queryFn: () => api.getForgeRepository(name),
    refetchInterval: LOOK_MS,
  });
  if (data === undefined && error && isMissing(error)) return <NotFoundPage />;
  return (
    <Page title={name}>
      {error && <Trouble error={error} onRetry={() => void refetch()} />}
      {data === undefined && !error && <Spinner aria-label={texts.loading} />}
      {data && (
        <Flex direction="column" gap="6">
          <section>
            <Heading as="h2" size="4" mb="2">
              {words.pullRequests}
            </Heading>
            {data.pullRequests.length === 0 && <Text color="gray">{words.noPullRequests}</Text>}
            <ul className="sessions">
              {data.pullRequests.map(({ number, title, state }) => (
                <li key={number}>
                  <Link
                    href={`/repositories/${encodeURIComponent(name)}/pulls/${number}`}
                    className="simple-row"
                  >
                    <GitPullRequest size={16} aria-hidden="true" className="faint" />
                    <span className="title">{plainText(title)}</span>
                    <span className="faint">#{number}</span>
                    <PullState state={state} />
                  </Link>
                </li>
              ))}
            </ul>
          </section>
          <section>
            <Heading as="h2" size="4" mb="2">
              {words.issues}
            </Heading>
            {data.issues.length === 0 && <Text color="gray">{words.noIssues}</Text>}
            {data.issues.map(({ number, title, body, state }) => (
              <details key={number} className="file">
                <summary>
                  <Flex align="center" gap="2" flexGrow="1" minWidth="0">
                    {state === 'open' ? (
                      <CircleDot size={16} color="var(--green-11)" aria-hidden="true" />
                    ) : (
                      <CircleCheck size={16} color="var(--violet-11)" aria-hidden="true" />
                    )}
                    <Text weight="medium" className="one-line">
                      {plainText(title)}
                    </Text>
                    <Text color="gray">#{number}</Text>
                    <Badge color={state === 'open' ? 'green' : 'violet'}>{words.states[state]}</Badge>
                  </Flex>
                </summary>
                <div className="call-body">
                  <Markdown text={body} />
                  {state === 'open' && (
                    <Button asChild size="2" variant="soft" mt="3">
                      <Link href={`/new?where=${encodeURIComponent(`${data.url}/issues/${number}`)}`}>
                        {words.work}
                      </Link>
                    </Button>
                  )}
                </div>
              </details>
            ))}
          </section>
          <Text as="p" size="2" color="gray">
            {words.clone} <Code variant="ghost">git clone {shellWord(data.cloneUrl)}</Code>
          </Text>
        </Flex>
      )}
    </Page>
  );
}

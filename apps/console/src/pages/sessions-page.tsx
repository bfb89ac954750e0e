import { Button, Flex, SegmentedControl, Spinner, Text } from '@radix-ui/themes';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import type { SessionSummary } from '@swe/domain/api';
import { api } from '../api/client';
import { age, money } from '../parts/figures';
import { Page } from '../parts/page';
import { shortName, withShortNames } from '../parts/place-of';
import { plainText } from '../parts/plain-text';
import { StateBadge } from '../parts/state-badge';
import { Trouble } from '../parts/trouble';
import { useNow } from '../parts/use-now';
import { texts } from '../texts';
import { Welcome } from './welcome';

const LOOK_MS = 3_000;
const FILTERS = [
  ['all', texts.sessions.all],
  ['working', texts.states.working],
  ['waiting', texts.states.idle],
  ['ended', texts.states.ended],
] as const;

/** All sessions, newest first, as they stand now. */
export function SessionsPage() {
  const [status, setStatus] = useState('all');
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['sessions', status],
    queryFn: ({ pageParam }) => api.listSessions(status === 'all' ? undefined : status, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    refetchInterval: LOOK_MS,
  });
  const nowMs = useNow();
  const sessions = data?.pages.flatMap((page) => page.items) ?? [];
  const words = texts.sessions;
  if (data !== undefined && sessions.length === 0 && status === 'all') return <Welcome />;
  return (
    <Page
      title={words.title}
      actions={
        <Flex gap="3" wrap="wrap" align="center">
          <SegmentedControl.Root value={status} onValueChange={setStatus} size="1" aria-label={words.filter}>
            {FILTERS.map(([value, label]) => (
              <SegmentedControl.Item key={value} value={value}>
                {label}
              </SegmentedControl.Item>
            ))}
          </SegmentedControl.Root>
          <Button asChild className="wide-only">
            <Link href="/new">
              <Plus size={16} aria-hidden="true" />
              {texts.nav.start}
            </Link>
          </Button>
        </Flex>
      }
    >
      {error && <Trouble error={error} onRetry={() => void refetch()} />}
      {data === undefined && !error && <Spinner aria-label={texts.loading} />}
      {data !== undefined && sessions.length === 0 && (
        <Text as="p" color="gray">
          {words.none}
        </Text>
      )}
      {sessions.length > 0 && (
        <ul className="sessions" aria-label={words.title}>
          {sessions.map((session) => (
            <SessionRow key={session.id} session={session} nowMs={nowMs} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button
          variant="soft"
          color="gray"
          mt="3"
          loading={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          {words.more}
        </Button>
      )}
    </Page>
  );
}

function SessionRow({ session, nowMs }: { readonly session: SessionSummary; readonly nowMs: number }) {
  const { id, title, lastLine, repositories, requester, updatedAt, cost } = session;
  const [repository] = repositories;
  const words = texts.sessions;
  return (
    <li>
      <Link href={`/sessions/${id}`} className="session-row">
        <span className="state-cell">
          <StateBadge session={session} />
        </span>
        <span className="what">
          <span className="title">{withShortNames(plainText(title))}</span>
          {lastLine && <span className="last-line">{withShortNames(plainText(lastLine))}</span>}
        </span>
        <span className="facts">
          {repository && <span className="repository">{shortName(repository)}</span>}
          <span className="requester">{words.by(plainText(requester))}</span>
        </span>
        <span className="figures tabular">
          <span aria-label={words.cost(money(cost?.spentUsd ?? 0))} role="img">
            {money(cost?.spentUsd ?? 0)}
          </span>
          <time dateTime={updatedAt}>{age(updatedAt, nowMs)}</time>
        </span>
      </Link>
    </li>
  );
}

import { Box, Flex, Heading, IconButton, Spinner, Tabs, Text } from '@radix-ui/themes';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ArrowLeft } from 'lucide-react';
import { useCallback, useState } from 'react';
import { Link } from 'wouter';
import { api, isMissing } from '../api/client';
import { useSettings } from '../api/use-settings';
import { LinkTo } from '../parts/link-to';
import { useTitle } from '../parts/page';
import { shortName, withShortNames } from '../parts/place-of';
import { plainText } from '../parts/plain-text';
import { isBusy, StateBadge } from '../parts/state-badge';
import { Trouble } from '../parts/trouble';
import { useThrottled } from '../parts/use-throttled';
import { SessionChanges } from '../session/changes';
import { Composer } from '../session/composer';
import { Facts } from '../session/facts';
import { Timeline } from '../session/timeline';
import { Transcript } from '../session/transcript';
import { useTranscript } from '../session/use-transcript';
import { texts } from '../texts';
import { NotFoundPage } from './not-found-page';

const LOOK_MS = 3_000;
const NEWS_MS = 1_000;

/** A session: what it does, as it does it, and what it came to. */
export function SessionPage({ id }: { readonly id: string }) {
  const client = useQueryClient();
  const key = ['session', id];
  const { data, error, refetch } = useQuery({
    queryKey: key,
    queryFn: () => api.getSession(id),
    refetchInterval: LOOK_MS,
  });
  const refresh = useCallback(
    () => void client.invalidateQueries({ queryKey: ['session', id] }, { cancelRefetch: false }),
    [client, id],
  );
  // Events come faster than a key may ask.
  const onNews = useThrottled(refresh, NEWS_MS);
  const { view, state } = useTranscript(id, onNews);
  const { data: settings } = useSettings();
  const [tab, setTab] = useState('transcript');
  const words = texts.session;
  useTitle(data?.title ?? texts.nav.sessions);

  if (data === undefined && error && isMissing(error)) return <NotFoundPage />;
  if (data === undefined) {
    return (
      <Box className="page">
        {error ? (
          <Trouble error={error} onRetry={() => void refetch()} />
        ) : (
          <Spinner aria-label={texts.loading} />
        )}
      </Box>
    );
  }
  const [pullRequest] = data.pullRequests;
  return (
    <Tabs.Root value={tab} onValueChange={setTab} className="session">
      <header className="session-head">
        <Flex align="center" gap="3" minWidth="0">
          <IconButton asChild variant="ghost" color="gray" className="back">
            <Link href="/" aria-label={words.back}>
              <ArrowLeft size={18} aria-hidden="true" />
            </Link>
          </IconButton>
          <Heading as="h1" size="4" className="one-line" title={plainText(data.title)}>
            {withShortNames(plainText(data.title))}
          </Heading>
          <StateBadge session={data} />
          {pullRequest && (
            <Box className="wide-only">
              <LinkTo url={pullRequest.url} size="2">
                {shortName(pullRequest.url)}
              </LinkTo>
            </Box>
          )}
          {state === 'connecting' && view.rows.length > 0 && (
            <Text size="1" color="gray" role="status" className="wide-only">
              {words.connecting}
            </Text>
          )}
        </Flex>
        <Tabs.List>
          <Tabs.Trigger value="transcript">{words.transcript}</Tabs.Trigger>
          <Tabs.Trigger value="changes">{words.changes}</Tabs.Trigger>
          <Tabs.Trigger value="timeline">{words.timeline}</Tabs.Trigger>
          <Tabs.Trigger value="details" className="narrow-only">
            {words.details}
          </Tabs.Trigger>
        </Tabs.List>
      </header>
      <div className="session-body">
        <div className="session-main">
          <Tabs.Content value="transcript" className="fill">
            <Transcript
              key={id}
              rows={view.rows}
              requester={settings?.caller.requester}
              isBusy={isBusy(data)}
            />
            <Composer session={data} onSent={refresh} />
          </Tabs.Content>
          <Tabs.Content value="changes" className="scroll">
            <SessionChanges pullRequests={data.pullRequests} rows={view.rows} />
          </Tabs.Content>
          <Tabs.Content value="timeline" className="scroll">
            <Box py="4">
              <Timeline spans={view.spans} />
            </Box>
          </Tabs.Content>
          <Tabs.Content value="details" className="scroll">
            <Box py="4">
              <Facts session={data} view={view} />
            </Box>
          </Tabs.Content>
        </div>
        <aside className="session-facts wide-only" tabIndex={0} aria-label={words.details}>
          <Facts session={data} view={view} />
        </aside>
      </div>
    </Tabs.Root>
  );
}

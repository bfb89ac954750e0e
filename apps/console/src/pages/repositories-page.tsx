import { Box, Button, Flex, Text, TextField } from '@radix-ui/themes';
import { useMutation } from '@tanstack/react-query';
import { BookMarked } from 'lucide-react';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { api } from '../api/client';
import { useForgeRepositories } from '../api/use-settings';
import { Page } from '../parts/page';
import { plainText } from '../parts/plain-text';
import { Trouble } from '../parts/trouble';
import { texts } from '../texts';

/** The repositories of this machine's forge. */
export function RepositoriesPage() {
  const words = texts.forge;
  const { data, error, refetch } = useForgeRepositories();
  const [, go] = useLocation();
  const [source, setSource] = useState('');
  const add = useMutation({
    mutationFn: () => api.addForgeRepository(source.trim()),
    onSuccess: ({ name }) => go(`/repositories/${encodeURIComponent(name)}`),
  });
  return (
    <Page title={words.title}>
      <Text as="p" size="2" color="gray" mb="4">
        {words.intro}
      </Text>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <Flex gap="2" mb="4">
          <Box flexGrow="1">
            <TextField.Root
              aria-label={words.addLabel}
              placeholder={words.addHint}
              value={source}
              onChange={(event) => setSource(event.target.value)}
            />
          </Box>
          <Button type="submit" variant="soft" loading={add.isPending} disabled={source.trim() === ''}>
            {words.add}
          </Button>
        </Flex>
      </form>
      {add.error && <Trouble error={add.error} />}
      {error && <Trouble error={error} onRetry={() => void refetch()} />}
      {data?.items.length === 0 && (
        <Text as="p" color="gray">
          {words.none}
        </Text>
      )}
      <ul className="sessions">
        {data?.items.map(({ name, openIssues, openPullRequests }) => (
          <li key={name}>
            <Link href={`/repositories/${encodeURIComponent(name)}`} className="simple-row">
              <BookMarked size={16} aria-hidden="true" className="faint" />
              <span className="title">{plainText(name)}</span>
              <span className="faint">{words.open(openIssues, openPullRequests)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Page>
  );
}

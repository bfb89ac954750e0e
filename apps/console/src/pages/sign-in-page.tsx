import { Box, Button, Flex, Heading, Text, TextField } from '@radix-ui/themes';
import { useMutation } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useSearchParams } from 'wouter';
import { signIn } from '../api/client';
import { useHasAccounts } from '../api/use-settings';
import { useTitle } from '../parts/page';
import { Trouble } from '../parts/trouble';
import { texts } from '../texts';

/** What is shown to a browser that was not let in. */
export function SignInPage() {
  const words = texts.signIn;
  const [query] = useSearchParams();
  const [key, setKey] = useState('');
  const id = useId();
  const enter = useMutation({ mutationFn: () => signIn(key.trim()), onSuccess: () => location.assign('/') });
  const isByAccount = useHasAccounts();
  const refusal = words.refusals.get(query.get('sign-in') ?? '');
  useTitle(words.title);
  return (
    <Box className="page sign-in">
      <Heading as="h1" size="7" mb="3">
        {texts.product}
      </Heading>
      {refusal !== undefined && (
        <Text as="p" color="red" mb="2" role="alert">
          {refusal}
        </Text>
      )}
      {isByAccount === true && (
        <Box mb="5">
          <Button asChild size="3">
            <a href="/sign-in">{words.submit}</a>
          </Button>
        </Box>
      )}
      {isByAccount === false && (
        <Text as="p" color="gray" mb="5">
          {words.how}
        </Text>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          enter.mutate();
        }}
      >
        <Text as="label" htmlFor={id} size="2" weight="medium">
          {words.orKey}
        </Text>
        <Flex gap="2" mt="1">
          <Box flexGrow="1">
            <TextField.Root
              id={id}
              type="password"
              autoComplete="off"
              placeholder="swe_…"
              value={key}
              onChange={(event) => setKey(event.target.value)}
            />
          </Box>
          <Button type="submit" loading={enter.isPending} disabled={key.trim() === ''}>
            {words.submit}
          </Button>
        </Flex>
        {enter.error && <Trouble error={enter.error} />}
      </form>
    </Box>
  );
}

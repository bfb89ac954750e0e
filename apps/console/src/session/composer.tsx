import { Button, Flex, Text, TextArea } from '@radix-ui/themes';
import { useMutation } from '@tanstack/react-query';
import { SendHorizontal, Square } from 'lucide-react';
import { useState } from 'react';
import type { SessionResource } from '@swe/domain/api';
import { api } from '../api/client';
import { isBusy } from '../parts/state-badge';
import { SureButton } from '../parts/sure-button';
import { Trouble } from '../parts/trouble';
import { texts } from '../texts';

export interface ComposerProps {
  readonly session: SessionResource;
  readonly onSent: () => void;
}

/** Where a person speaks to the agent, has it stop, and ends its session. */
export function Composer({ session, onSent }: ComposerProps) {
  const { id, status } = session;
  const words = texts.session;
  const [text, setText] = useState('');
  // The same words are the same message, however often they are sent, until they were taken.
  const [key, setKey] = useState(() => crypto.randomUUID());
  const say = useMutation({
    mutationFn: () => api.sendMessage(id, text, key),
    onSuccess() {
      setText('');
      setKey(crypto.randomUUID());
      onSent();
    },
  });
  const stop = useMutation({ mutationFn: () => api.stopSession(id), onSuccess: onSent });
  const end = useMutation({ mutationFn: () => api.endSession(id), onSuccess: onSent });
  const trouble = say.error ?? stop.error ?? end.error;

  if (status === 'ended') {
    return (
      <Text as="p" color="gray" size="2" align="center" my="3">
        {words.ended}
      </Text>
    );
  }
  const send = (): void => {
    if (text.trim() !== '' && !say.isPending) say.mutate();
  };
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {trouble && <Trouble error={trouble} />}
      <TextArea
        aria-label={words.message}
        placeholder={words.messageHint}
        size="2"
        rows={2}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) send();
        }}
      />
      <Flex justify="between" align="center" gap="2" mt="2" wrap="wrap">
        <Flex gap="2">
          {isBusy(session) && (
            <Button
              type="button"
              color="red"
              variant="soft"
              loading={stop.isPending}
              onClick={() => stop.mutate()}
            >
              <Square size={12} fill="currentColor" aria-hidden="true" />
              {words.stop}
            </Button>
          )}
          <SureButton
            label={words.end}
            question={words.endSure}
            color="gray"
            variant="soft"
            isBusy={end.isPending}
            onSure={() => end.mutate()}
          />
        </Flex>
        <Flex align="center" gap="3">
          {say.isSuccess && text === '' && isBusy(session) && (
            <Text size="1" color="gray" role="status">
              {words.queued}
            </Text>
          )}
          <Button type="submit" loading={say.isPending} disabled={text.trim() === ''}>
            <SendHorizontal size={14} aria-hidden="true" />
            {words.send}
          </Button>
        </Flex>
      </Flex>
    </form>
  );
}

import { Button, Flex } from '@radix-ui/themes';
import { useState } from 'react';
import type { ComponentProps } from 'react';
import { texts } from '../texts';

export interface SureButtonProps extends Pick<ComponentProps<typeof Button>, 'size' | 'variant' | 'color'> {
  readonly label: string;
  /** What is asked before it is done. */
  readonly question: string;
  readonly isBusy?: boolean;
  readonly onSure: () => void;
}

/** A button for what can't be taken back: it asks where it stands, without a window over the page. */
export function SureButton({ label, question, isBusy = false, onSure, ...look }: SureButtonProps) {
  const [asks, setAsks] = useState(false);
  if (!asks) {
    return (
      <Button {...look} loading={isBusy} onClick={() => setAsks(true)}>
        {label}
      </Button>
    );
  }
  return (
    <Flex gap="2" role="group" aria-label={question}>
      <Button
        {...look}
        variant="solid"
        autoFocus
        onClick={() => {
          setAsks(false);
          onSure();
        }}
      >
        {question}
      </Button>
      <Button {...look} color="gray" variant="soft" onClick={() => setAsks(false)}>
        {texts.cancel}
      </Button>
    </Flex>
  );
}

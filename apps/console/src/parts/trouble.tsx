import { Button, Callout, Flex } from '@radix-ui/themes';
import { TriangleAlert } from 'lucide-react';
import { texts } from '../texts';

/** What did not work, and the way to try it again. */
export function Trouble({ error, onRetry }: { readonly error: Error; readonly onRetry?: () => void }) {
  return (
    <Callout.Root color="red" role="alert" my="3">
      <Callout.Icon>
        <TriangleAlert size={16} aria-hidden="true" />
      </Callout.Icon>
      <Flex align="center" gap="3" wrap="wrap">
        <Callout.Text>{texts.failed(error.message)}</Callout.Text>
        {onRetry && (
          <Button size="1" variant="outline" color="gray" onClick={onRetry}>
            {texts.retry}
          </Button>
        )}
      </Flex>
    </Callout.Root>
  );
}

import { Box, Flex, Heading } from '@radix-ui/themes';
import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { texts } from '../texts';

export interface PageProps {
  readonly title: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A page with its title, in a column that is easy to read. */
export function Page({ title, actions, children }: PageProps) {
  useTitle(title);
  return (
    <Box className="page">
      <Flex align="center" justify="between" gap="3" mb="4" wrap="wrap">
        <Heading as="h1" size="6" weight="bold">
          {title}
        </Heading>
        {actions}
      </Flex>
      {children}
    </Box>
  );
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · ${texts.product}`;
  }, [title]);
}

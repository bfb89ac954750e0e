import { Link as Styled } from '@radix-ui/themes';
import type { ComponentProps, ReactNode } from 'react';
import { Link as Routed } from 'wouter';
import { placeOf } from './place-of';

export interface LinkToProps extends Pick<ComponentProps<typeof Styled>, 'size' | 'color' | 'weight'> {
  readonly url: string;
  readonly children: ReactNode;
}

/** A link to wherever somebody else's URL leads; its words alone, where that is nowhere safe. */
export function LinkTo({ url, children, ...look }: LinkToProps) {
  const place = placeOf(url);
  if (place.kind === 'nowhere') return <>{children}</>;
  return place.kind === 'page' ? (
    <Styled asChild {...look}>
      <Routed href={place.href}>{children}</Routed>
    </Styled>
  ) : (
    <Styled href={place.href} target="_blank" rel="noopener noreferrer" {...look}>
      {children}
    </Styled>
  );
}

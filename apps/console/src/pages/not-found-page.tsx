import { Link as Styled } from '@radix-ui/themes';
import { Link } from 'wouter';
import { Page } from '../parts/page';
import { texts } from '../texts';

/** What stands at an address that is none. */
export function NotFoundPage() {
  return (
    <Page title={texts.notFound}>
      <Styled asChild>
        <Link href="/">{texts.nav.sessions}</Link>
      </Styled>
    </Page>
  );
}

import { Box, Link as Styled } from '@radix-ui/themes';
import { Link } from 'wouter';
import { PullRequestView } from '../forge/pull-request-view';
import { useTitle } from '../parts/page';

export function PullRequestPage({ name, number }: { readonly name: string; readonly number: string }) {
  useTitle(`${name}#${number}`);
  return (
    <Box className="page">
      <Box mb="3" asChild>
        <h1 className="crumb">
          <Styled asChild size="2">
            <Link href={`/repositories/${encodeURIComponent(name)}`}>{name}</Link>
          </Styled>
        </h1>
      </Box>
      <PullRequestView name={name} number={number} />
    </Box>
  );
}

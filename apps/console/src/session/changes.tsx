import { Flex, Text } from '@radix-ui/themes';
import type { SessionResource } from '@swe/domain/api';
import { LinkTo } from '../parts/link-to';
import { placeOf, shortName } from '../parts/place-of';
import { PullRequestView } from '../forge/pull-request-view';
import { texts } from '../texts';

/** What a session changed, by its pull requests: the whole of each one's diff. */
export function SessionChanges({ pullRequests }: Pick<SessionResource, 'pullRequests'>) {
  if (pullRequests.length === 0) {
    return (
      <Text as="p" color="gray" my="5" align="center">
        {texts.session.changesNone}
      </Text>
    );
  }
  return (
    <Flex direction="column" gap="6" py="4">
      {pullRequests.map(({ url, repository, number }) =>
        placeOf(url).kind === 'page' ? (
          <PullRequestView key={url} name={repository.replace('forge://', '')} number={String(number)} />
        ) : (
          <Text key={url} as="p">
            <LinkTo url={url}>{shortName(url)}</LinkTo> {texts.session.changesElsewhere}
          </Text>
        ),
      )}
    </Flex>
  );
}

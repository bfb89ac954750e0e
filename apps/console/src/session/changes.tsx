import { Flex, Text } from '@radix-ui/themes';
import type { SessionResource } from '@swe/domain/api';
import { FileDiff } from '../parts/diff-view';
import { LinkTo } from '../parts/link-to';
import { placeOf, shortName } from '../parts/place-of';
import { PullRequestView } from '../forge/pull-request-view';
import { texts } from '../texts';
import { editsIn } from './change-of';
import type { Row } from './transcript-view';

export interface SessionChangesProps extends Pick<SessionResource, 'pullRequests'> {
  readonly rows: readonly Row[];
}

/** What a session changed: the whole diff of each pull request, and before there is one, the agent's edits. */
export function SessionChanges({ pullRequests, rows }: SessionChangesProps) {
  if (pullRequests.length === 0) return <Edits rows={rows} />;
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

function Edits({ rows }: Pick<SessionChangesProps, 'rows'>) {
  const files = editsIn(rows);
  return (
    <>
      <Text as="p" color="gray" my="5" align="center">
        {files.length === 0 ? texts.session.changesNone : texts.session.changesEdits}
      </Text>
      {files.map((file) => (
        <FileDiff key={file.path} file={file} />
      ))}
    </>
  );
}

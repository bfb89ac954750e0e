import {
  Badge,
  Box,
  Button,
  Code,
  Flex,
  Heading,
  SegmentedControl,
  Spinner,
  Text,
  TextField,
} from '@radix-ui/themes';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import type { KeyResource, SettingsResource } from '@swe/domain/api';
import { api, signOut } from '../api/client';
import { useSettings } from '../api/use-settings';
import { choose, useChoice } from '../parts/appearance';
import type { Choice } from '../parts/appearance';
import { count, money } from '../parts/figures';
import { Page } from '../parts/page';
import { plainText } from '../parts/plain-text';
import { SureButton } from '../parts/sure-button';
import { Table } from '../parts/table';
import { Trouble } from '../parts/trouble';
import { texts } from '../texts';

const words = texts.settings;
const SCOPES = ['read', 'run', 'admin'] as const;

/** How the system is set, and the keys to it. */
export function SettingsPage() {
  const { data, error, refetch } = useSettings();
  return (
    <Page title={words.title}>
      {error && <Trouble error={error} onRetry={() => void refetch()} />}
      {data === undefined && !error && <Spinner aria-label={texts.loading} />}
      {data && (
        <Flex direction="column" gap="6">
          <Part title={words.you}>
            <Flex align="center" gap="3" wrap="wrap">
              <Text>{plainText(data.caller.requester)}</Text>
              <Badge>{data.caller.scopes.map((scope) => words.scopes[scope]).join(', ')}</Badge>
              <Button
                variant="soft"
                color="gray"
                size="1"
                onClick={() => void signOut().then((next) => location.assign(next))}
              >
                {texts.signIn.out}
              </Button>
            </Flex>
          </Part>
          <Part title={texts.theme.label}>
            <Appearance />
          </Part>
          <Part title={words.connections}>
            <Connections settings={data} />
          </Part>
          <Part title={words.budgets}>
            <dl className="details wide">
              {(['sessionUsd', 'monthUsd', 'requesterMonthUsd', 'repositoryMonthUsd'] as const).map(
                (name) => (
                  <div key={name}>
                    <dt>{words.budget[name]}</dt>
                    <dd className="tabular">
                      {data.budgets[name] === undefined ? words.noLimit : money(data.budgets[name])}
                    </dd>
                  </div>
                ),
              )}
            </dl>
          </Part>
          <Part title={words.models}>
            <Models />
          </Part>
          {data.caller.scopes.includes('admin') && (
            <Part title={words.keys}>
              <Keys />
            </Part>
          )}
        </Flex>
      )}
    </Page>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section>
      <Heading as="h2" size="4" mb="2">
        {title}
      </Heading>
      {children}
    </section>
  );
}

function Appearance() {
  const choice = useChoice();
  return (
    <SegmentedControl.Root
      value={choice}
      onValueChange={(value) => choose(value as Choice)}
      aria-label={texts.theme.label}
    >
      {(['system', 'light', 'dark'] as const).map((each) => (
        <SegmentedControl.Item key={each} value={each}>
          {texts.theme[each]}
        </SegmentedControl.Item>
      ))}
    </SegmentedControl.Root>
  );
}

function Connections({ settings }: { readonly settings: SettingsResource }) {
  const { connected, isRehearsal, toolServers } = settings;
  const lines = [
    [words.model, !isRehearsal],
    ...(connected
      ? ([
          ['GitHub', connected.github],
          ['Slack', connected.slack],
        ] as const)
      : []),
  ] as const;
  return (
    <dl className="details wide">
      {lines.map(([name, isConnected]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <Badge color={isConnected ? 'green' : 'gray'}>
              {isConnected ? words.connected : words.notConnected}
            </Badge>
          </dd>
        </div>
      ))}
      {toolServers && (
        <div>
          <dt>{words.toolServers}</dt>
          <dd>{toolServers.map(plainText).join(', ') || words.noToolServers}</dd>
        </div>
      )}
    </dl>
  );
}

function Models() {
  const { data, error } = useQuery({ queryKey: ['models'], queryFn: api.listModels });
  if (error) return <Trouble error={error} />;
  return (
    <Table
      head={
        <>
          <th scope="col">{words.model}</th>
          <th scope="col" className="right">
            {words.context}
          </th>
          <th scope="col" className="right" title={words.perMillion}>
            {words.price}
          </th>
        </>
      }
    >
      {data?.items.map(({ id, isDefault, contextTokens, prices }) => (
        <tr key={id}>
          <th scope="row">
            {id} {isDefault && <Badge ml="2">{words.isDefault}</Badge>}
          </th>
          <td className="tabular right">{contextTokens === undefined ? '–' : count(contextTokens)}</td>
          <td className="tabular right">
            {prices === undefined ? '–' : `${money(prices.input)} / ${money(prices.output)}`}
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Keys() {
  const client = useQueryClient();
  const { data, error } = useQuery({ queryKey: ['keys'], queryFn: api.listKeys });
  const reload = () => void client.invalidateQueries({ queryKey: ['keys'] });
  const revoke = useMutation({ mutationFn: api.revokeKey, onSuccess: reload });
  return (
    <>
      <NewKey onMade={reload} />
      {(error ?? revoke.error) && <Trouble error={(error ?? revoke.error) as Error} />}
      <Table
        head={
          <>
            <th scope="col">{words.keyName}</th>
            <th scope="col">{words.keyScope}</th>
            <th scope="col">{words.expires}</th>
            <td />
          </>
        }
      >
        {data?.items.map((key) => (
          <KeyRow key={key.id} of={key} onRevoke={() => revoke.mutate(key.id)} />
        ))}
      </Table>
    </>
  );
}

function KeyRow({
  of: { id, name, scopes, expiresAt },
  onRevoke,
}: {
  readonly of: KeyResource;
  readonly onRevoke: () => void;
}) {
  return (
    <tr>
      <th scope="row">
        {plainText(name)}{' '}
        <Text color="gray" size="1" className="mono">
          {id}
        </Text>
      </th>
      <td>{scopes.map((scope) => words.scopes[scope]).join(', ')}</td>
      <td className="tabular">{expiresAt.slice(0, 10)}</td>
      <td className="right">
        <SureButton
          label={words.revoke}
          question={words.revokeSure}
          size="1"
          variant="soft"
          color="red"
          onSure={onRevoke}
        />
      </td>
    </tr>
  );
}

function NewKey({ onMade }: { readonly onMade: () => void }) {
  const id = useId();
  const [name, setName] = useState('');
  const [scope, setScope] = useState<(typeof SCOPES)[number]>('run');
  const create = useMutation({
    mutationFn: () => api.createKey({ name, scopes: [scope], expiresInDays: 90 }),
    onSuccess() {
      setName('');
      onMade();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate();
      }}
    >
      <Flex gap="2" mb="3" wrap="wrap" align="end">
        <Box>
          <Text as="label" htmlFor={`${id}-name`} size="1" color="gray" className="block-label">
            {words.keyName}
          </Text>
          <TextField.Root id={`${id}-name`} value={name} onChange={(event) => setName(event.target.value)} />
        </Box>
        <Box>
          <Text as="label" htmlFor={`${id}-scope`} size="1" color="gray" className="block-label">
            {words.keyScope}
          </Text>
          <select
            id={`${id}-scope`}
            className="select small"
            value={scope}
            onChange={(event) => setScope(event.target.value as typeof scope)}
          >
            {SCOPES.map((each) => (
              <option key={each} value={each}>
                {words.scopes[each]}
              </option>
            ))}
          </select>
        </Box>
        <Button type="submit" variant="soft" loading={create.isPending} disabled={name.trim() === ''}>
          {words.create}
        </Button>
      </Flex>
      {create.error && <Trouble error={create.error} />}
      {create.data && (
        <Box className="card" mb="3" role="status">
          <Text as="p" size="2" mb="1">
            {words.shownOnce}
          </Text>
          <Code className="wrap">{create.data.token}</Code>
        </Box>
      )}
    </form>
  );
}

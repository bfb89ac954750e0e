import { Callout, Flex, Heading, SegmentedControl, Spinner, Text } from '@radix-ui/themes';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import type { CostList } from '@swe/domain/api';
import { api } from '../api/client';
import { useSettings } from '../api/use-settings';
import { cacheShare, count, money } from '../parts/figures';
import { Page } from '../parts/page';
import { plainText } from '../parts/plain-text';
import { Table } from '../parts/table';
import { Trouble } from '../parts/trouble';
import { texts } from '../texts';

const words = texts.costs;
const KEYS = ['model', 'requester', 'session', 'month'] as const;
const MONTHS = 12;

/** What was paid for models, and by what. */
export function CostsPage() {
  const [by, setBy] = useState<(typeof KEYS)[number]>('model');
  const [month, setMonth] = useState('');
  const { data: settings } = useSettings();
  const { data, error, refetch } = useQuery({
    queryKey: ['costs', by, month],
    queryFn: () => api.listCosts(by, month || undefined),
  });
  return (
    <Page
      title={words.title}
      actions={
        <select
          className="select small"
          aria-label={words.month}
          value={month}
          onChange={(event) => setMonth(event.target.value)}
        >
          <option value="">{words.allMonths}</option>
          {lastMonths(MONTHS).map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      }
    >
      {settings?.isRehearsal && (
        <Callout.Root color="gray" size="1" mb="4">
          <Callout.Text>{words.rehearsal}</Callout.Text>
        </Callout.Root>
      )}
      <SegmentedControl.Root
        value={by}
        onValueChange={(value) => setBy(value as typeof by)}
        aria-label={words.by}
        mb="4"
      >
        {KEYS.map((key) => (
          <SegmentedControl.Item key={key} value={key}>
            {words.keys[key]}
          </SegmentedControl.Item>
        ))}
      </SegmentedControl.Root>
      {error && <Trouble error={error} onRetry={() => void refetch()} />}
      {data === undefined && !error && <Spinner aria-label={texts.loading} />}
      {data?.items.length === 0 && (
        <Text as="p" color="gray">
          {words.none}
        </Text>
      )}
      {data && data.items.length > 0 && <Costs list={data} by={by} />}
    </Page>
  );
}

function Costs({ list, by }: { readonly list: CostList; readonly by: (typeof KEYS)[number] }) {
  const items = by === 'month' ? list.items.toSorted((a, b) => b.name.localeCompare(a.name)) : list.items;
  const total = items.reduce((sum, { usd }) => sum + usd, 0);
  const most = Math.max(...items.map(({ usd }) => usd));
  const unknown = items.reduce((sum, { unknownCalls }) => sum + unknownCalls, 0);
  return (
    <>
      <Flex align="baseline" gap="2" mb="4">
        <Heading as="h2" size="2" color="gray" weight="medium">
          {words.total}
        </Heading>
        <Text size="8" weight="bold" className="tabular">
          {money(total)}
        </Text>
      </Flex>
      <Table
        head={
          <>
            <th scope="col">{words.keys[by]}</th>
            <th scope="col" className="right">
              {words.calls}
            </th>
            <th scope="col" className="right">
              {words.cacheShare}
            </th>
            <th scope="col" className="right">
              {words.usd}
            </th>
          </>
        }
      >
        {items.map(({ name, calls, usage, usd }) => {
          const share = cacheShare(usage);
          return (
            <tr key={name}>
              <th scope="row">
                {by === 'session' ? <Link href={`/sessions/${name}`}>{name}</Link> : plainText(name)}
                <span className="cost-bar" aria-hidden="true">
                  <span style={{ width: `${most === 0 ? 0 : (usd * 100) / most}%` }} />
                </span>
              </th>
              <td className="tabular right">{count(calls)}</td>
              <td className="tabular right">{share === undefined ? '–' : `${share} %`}</td>
              <td className="tabular right">{money(usd)}</td>
            </tr>
          );
        })}
      </Table>
      <Text as="p" size="1" color="gray" mt="3">
        {[unknown > 0 && words.unknown(unknown), list.isPartial && words.partial].filter(Boolean).join(' ')}
      </Text>
    </>
  );
}

/** The last months in UTC, newest first. */
function lastMonths(many: number): readonly string[] {
  const now = new Date(Date.now());
  return Array.from({ length: many }, (_, i) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - i)).toISOString().slice(0, 7),
  );
}

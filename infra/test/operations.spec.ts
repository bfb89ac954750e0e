import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { propertiesOf, STACKS, templateOf } from './variants';

const page = readFileSync(fileURLToPath(new URL('../../docs/operations.md', import.meta.url)), 'utf8');
const allOf = (type: string) => STACKS.flatMap((stack) => propertiesOf(templateOf(stack), type));

const ENVIRONMENT = 'swe-main';
const alarms = allOf('AWS::CloudWatch::Alarm');
const names = alarms.map(({ AlarmName }) => String(AlarmName).replace(`${ENVIRONMENT}-`, ''));

/** Names of metrics that filters make of logs. */
const logged = new Set(
  allOf('AWS::Logs::MetricFilter').flatMap(({ MetricTransformations }) =>
    (MetricTransformations as readonly { MetricName: string }[]).map(({ MetricName }) => MetricName),
  ),
);

describe('docs/operations.md', () => {
  const [, listed = ''] = page.split('\n## Alarms\n');
  const sections = listed.split('\n## ')[0]!.split('\n### ').slice(1);
  const titled = new Map(sections.map((section) => [section.split('\n')[0]!, section]));

  it('has a section for every alarm, and every section its alarm', () => {
    // The account's bill is watched by a budget.
    expect([...titled.keys()].toSorted()).toEqual([...names, 'budget'].toSorted());
    expect(allOf('AWS::Budgets::Budget')).toHaveLength(1);
  });

  it.each([...titled])('says what is seen, where to look, and what to do: %s', (_name, section) => {
    for (const part of ['**Seen:**', '**Look:**', '**Do:**']) expect(section).toContain(part);
  });

  it('names logs that there are', () => {
    const groups = allOf('AWS::Logs::LogGroup').map(({ LogGroupName }) => LogGroupName);
    const named = [...new Set(page.match(/\/swe\/swe-main-[a-z-]+/g))];
    expect(named.length).toBeGreaterThan(2);
    expect(groups).toEqual(expect.arrayContaining(named));
  });
});

describe('an alarm', () => {
  it('tells whoever is to be told, and names its section', () => {
    for (const { AlarmName, AlarmActions, AlarmDescription } of alarms) {
      expect({ AlarmName, AlarmActions }).toEqual({ AlarmName, AlarmActions: [expect.anything()] });
      const section = String(AlarmName).replace(`${ENVIRONMENT}-`, '');
      expect(AlarmDescription).toMatch(new RegExp(`docs/operations.md, ${section}\\.$`));
    }
  });

  it('of a log is of a metric that a filter makes', () => {
    const own = alarms.filter(({ Namespace }) => Namespace === ENVIRONMENT);
    expect(own.length).toBeGreaterThan(2);
    expect([...logged]).toEqual(expect.arrayContaining(own.map(({ MetricName }) => MetricName)));
  });

  it('is free while an account has no others', () => {
    expect(alarms.length).toBeLessThanOrEqual(10);
  });
});

it('the dashboard shows every metric of the logs, and no other of ours', () => {
  const [{ DashboardBody } = {}] = allOf('AWS::CloudWatch::Dashboard');
  const body = JSON.stringify(DashboardBody).replaceAll('\\', '');
  const plain = [...body.matchAll(/"swe-main","(\w+)"[,\]]/g)].map(([, name]) => name);
  const searched = [...body.matchAll(/MetricName="(\w+)"/g)].map(([, name]) => name);
  // What an alarm alone is for.
  const shown = new Set([...plain, ...searched, 'RequestsFailed']);
  expect([...shown].toSorted()).toEqual([...logged].toSorted());
});

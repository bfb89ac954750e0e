import { describe, expect, it } from '@jest/globals';
import { isAllowed } from '@swe/testing/servers';
import type { IamStatement } from '@swe/testing/servers';
import { policyOf, resolve } from './resolve';
import { propertiesOf, templateOf } from './variants';

const OWN = 'saaaaaaaaaaaaaaaaaaaa';
const OTHER = 'sbbbbbbbbbbbbbbbbbbbb';
const TABLE = 'arn:aws:dynamodb:eu-west-1:111122223333:table/swe-main';
const BUCKET = 'arn:aws:s3:::swe-main-111122223333-eu-west-1';

const session = policyOf('SessionRole', templateOf('Agent'));

/** As the role of `OWN`, unless it is told otherwise. */
const may = (action: string, resource: string, context: Readonly<Record<string, string | string[]>> = {}) =>
  isAllowed(session, { action, resource, context: { 'aws:PrincipalTag/swe:session': OWN, ...context } });
const onKeys = (action: string, ...keys: string[]) =>
  may(`dynamodb:${action}`, TABLE, { 'dynamodb:LeadingKeys': keys });

describe('in the table a daemon', () => {
  // Partitions are written by the adapter: docs/decisions/0012-one-table.md
  it.each(['BatchGetItem', 'ConditionCheckItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'])(
    "may %s in its session's partition, and in no other's",
    (action) => {
      expect(onKeys(action, `session/${OWN}`)).toBe(true);
      for (const other of [
        `session/${OTHER}`,
        'session/',
        `session/${OWN}x`,
        'seen/1',
        'edit/1',
        'api-keys',
      ]) {
        expect([other, onKeys(action, other)]).toEqual([other, false]);
        expect([other, onKeys(action, `session/${OWN}`, other)]).toEqual([other, false]);
      }
      expect(may(`dynamodb:${action}`, TABLE)).toBe(false);
      expect(may(`dynamodb:${action}`, `${TABLE}/index/due`, { 'dynamodb:LeadingKeys': ['1'] })).toBe(false);
    },
  );

  it('may do for money, threads of pull requests and approvals what it does', () => {
    const actions = ['BatchGetItem', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'];
    const allowed = (key: string) => actions.filter((action) => onKeys(action, key));
    expect(allowed('ledger/all')).toEqual(['BatchGetItem', 'GetItem', 'PutItem', 'UpdateItem']);
    expect(allowed('alias/github:acme/1')).toEqual(['BatchGetItem', 'GetItem', 'PutItem', 'UpdateItem']);
    expect(allowed('access/slack:T1')).toEqual(['BatchGetItem', 'GetItem']);
    expect(allowed('alias/slack:T1/C1/1.2')).toEqual([]);
    // A reservation and the totals that it counts in are one transaction.
    expect(onKeys('UpdateItem', `session/${OWN}`, 'ledger/all', 'ledger/month')).toBe(true);
  });

  it('may know of another session whether it has ended, and its cap, and nothing else', () => {
    const read = (attributes: string[] | undefined, action = 'GetItem') =>
      may(`dynamodb:${action}`, TABLE, {
        'dynamodb:LeadingKeys': [`session/${OTHER}`],
        ...(attributes && { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES', 'dynamodb:Attributes': attributes }),
      });
    expect(read(['pk', 'sk', 'isClosed'])).toBe(true);
    expect(read(['pk', 'sk', 'capNanoUsd'])).toBe(true);
    expect(read(['pk', 'sk', 'isClosed', 'value'])).toBe(false);
    expect(read(undefined)).toBe(false);
    expect(read(['pk', 'sk', 'isClosed'], 'Query')).toBe(false);
  });

  it('may nothing without the tag', () => {
    const context = { 'dynamodb:LeadingKeys': ['session/${aws:PrincipalTag/swe:session}'] };
    expect(isAllowed(session, { action: 'dynamodb:GetItem', resource: TABLE, context })).toBe(false);
  });
});

it('in the bucket a daemon may use its own prefix alone', () => {
  for (const action of ['s3:DeleteObject', 's3:GetObject', 's3:PutObject']) {
    expect(may(action, `${BUCKET}/sessions/${OWN}/store/1`)).toBe(true);
    for (const key of [`sessions/${OTHER}/store/1`, `sessions/${OWN}`, `agent/1.tar.gz`, 'sessions/']) {
      expect([key, may(action, `${BUCKET}/${key}`)]).toEqual([key, false]);
    }
  }
  const list = (prefix: string) => may('s3:ListBucket', BUCKET, { 's3:prefix': prefix });
  expect([`sessions/${OWN}/`, `sessions/${OTHER}/`, 'sessions/', ''].filter(list)).toEqual([
    `sessions/${OWN}/`,
  ]);
});

it('a machine alone may do nothing but fetch what it runs, and take the role of a session', () => {
  const machine = policyOf('RoleDefaultPolicy', templateOf('Agent'));
  expect(machine.flatMap(({ Action }) => Action).toSorted()).toEqual([
    's3:GetObject',
    'sts:AssumeRole',
    'sts:TagSession',
  ]);
  expect(machine.flatMap(({ Resource }) => Resource)).toEqual([
    `${BUCKET}/agent/*`,
    'arn:aws:iam::111122223333:role/swe-main-agent-session',
  ]);
  expect(session.flatMap(({ Action }) => Action).filter((action) => action.startsWith('sts:'))).toEqual([]);
});

describe('the role of a session', () => {
  const [role] = propertiesOf(templateOf('Agent'), 'AWS::IAM::Role').filter(
    ({ RoleName }) => RoleName === 'swe-main-agent-session',
  );
  const trust = resolve(role?.['AssumeRolePolicyDocument']) as {
    Statement: readonly Omit<IamStatement, 'Resource'>[];
  };
  const statements = trust.Statement.map((each) => ({ ...each, Resource: '*' }));
  const asked = {
    'aws:PrincipalArn': '<Role1ABCC5F0.Arn>',
    'aws:RequestTag/swe:session': OWN,
    'aws:TagKeys': ['swe:session'],
    'sts:RoleSessionName': OWN,
  };
  const taken = (change: Readonly<Record<string, string | string[]>> = {}): boolean =>
    ['sts:AssumeRole', 'sts:TagSession'].every((action) =>
      isAllowed(statements, { action, resource: 'role', context: { ...asked, ...change } }),
    );

  it('is taken by a machine, as one session, by tag and name', () => {
    expect(taken()).toBe(true);
    expect(taken({ 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/swe-main-ingress' })).toBe(false);
    expect(taken({ 'sts:RoleSessionName': OTHER })).toBe(false);
    expect(taken({ 'aws:TagKeys': ['swe:session', 'swe:environment'] })).toBe(false);
    const id = (name: string) => ({ 'aws:RequestTag/swe:session': name, 'sts:RoleSessionName': name });
    expect([id('short'), id(`${OWN}a`), id(''), id('s')].map(taken)).toEqual([false, false, false, false]);
  });
});

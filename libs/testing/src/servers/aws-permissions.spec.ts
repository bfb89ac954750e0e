import { expect, it } from '@jest/globals';
import { dynamoPermissions, s3Permissions } from './aws-permissions';

const dynamo = (operation: string, body: object) =>
  dynamoPermissions(
    {
      method: 'POST',
      url: '/',
      headers: { 'x-amz-target': `DynamoDB_20120810.${operation}` },
      body: Buffer.from(JSON.stringify(body)),
    },
    'table',
  );
const key = (pk: string) => ({ pk: { S: pk }, sk: { S: 'x' } });

it('a read names the partitions that it is of, and the attributes that it asks for', () => {
  expect(dynamo('GetItem', { Key: key('a') })).toEqual([
    { action: 'dynamodb:GetItem', resource: 'table', context: { 'dynamodb:LeadingKeys': ['a'] } },
  ]);
  const part = { ProjectionExpression: '#0, isClosed', ExpressionAttributeNames: { '#0': 'pk' } };
  expect(dynamo('GetItem', { Key: key('a'), ...part })[0]?.context).toEqual({
    'dynamodb:LeadingKeys': ['a'],
    'dynamodb:Attributes': ['pk', 'isClosed'],
    'dynamodb:Select': 'SPECIFIC_ATTRIBUTES',
  });
  const batch = { RequestItems: { table: { Keys: [key('a'), key('b')] } } };
  expect(dynamo('BatchGetItem', batch)[0]?.context).toEqual({ 'dynamodb:LeadingKeys': ['a', 'b'] });
  const query = { ExpressionAttributeValues: { ':pk': { S: 'a' }, ':n': { N: '1' } } };
  expect(dynamo('Query', query)[0]?.context).toEqual({ 'dynamodb:LeadingKeys': ['a'] });
  expect(dynamo('Query', { IndexName: 'due' })).toEqual([
    { action: 'dynamodb:Query', resource: 'table/index/due', context: {} },
  ]);
});

it('each action of a transaction is held against the partitions of all', () => {
  const TransactItems = [
    { Put: { Item: key('a') } },
    { Update: { Key: key('b') } },
    { Update: { Key: key('c') } },
    { Delete: { Key: key('a') } },
    { ConditionCheck: { Key: key('a') } },
  ];
  const asked = dynamo('TransactWriteItems', { TransactItems });
  expect(asked.map(({ action }) => action)).toEqual([
    'dynamodb:PutItem',
    'dynamodb:UpdateItem',
    'dynamodb:DeleteItem',
    'dynamodb:ConditionCheckItem',
  ]);
  for (const { context } of asked) {
    expect(context).toEqual({ 'dynamodb:LeadingKeys': ['a', 'b', 'c', 'a', 'a'] });
  }
});

it.each([
  ['GET', '/b/sessions/s/a%20b', 's3:GetObject', 'bucket/sessions/s/a b', {}],
  ['PUT', '/b/sessions/s/a?x-id=PutObject', 's3:PutObject', 'bucket/sessions/s/a', {}],
  ['DELETE', '/b/sessions/s/a', 's3:DeleteObject', 'bucket/sessions/s/a', {}],
  ['GET', '/b?list-type=2&prefix=sessions%2Fs%2F', 's3:ListBucket', 'bucket', { 's3:prefix': 'sessions/s/' }],
  ['GET', '/b?list-type=2', 's3:ListBucket', 'bucket', {}],
] as const)('%s %s', (method, url, action, resource, context) => {
  const request = { method, url, headers: {}, body: Buffer.alloc(0) };
  expect(s3Permissions(request, 'bucket')).toEqual([{ action, resource, context }]);
});

import { expect, it } from '@jest/globals';
import { isNew, toTransactItem } from './action';
import type { Action } from './action';

const key = { pk: 'session/s1', sk: 'head' };

it.each<[string, Action, object]>([
  [
    'a new item, without what is undefined',
    { put: { ...key, seq: 1, value: undefined }, when: isNew },
    {
      Put: {
        TableName: 'swe',
        Item: { ...key, seq: 1 },
        ConditionExpression: 'attribute_not_exists(#0)',
        ExpressionAttributeNames: { '#0': 'pk' },
      },
    },
  ],
  [
    'amounts added, up to a limit',
    { add: key, amounts: { seq: 1, size: -3 }, when: { atMost: { size: 9 } } },
    {
      Update: {
        TableName: 'swe',
        Key: key,
        UpdateExpression: 'ADD #0 :0, #1 :1',
        ConditionExpression: '#1 <= :2',
        ExpressionAttributeNames: { '#0': 'seq', '#1': 'size' },
        ExpressionAttributeValues: { ':0': 1, ':1': -3, ':2': 9 },
      },
    },
  ],
  [
    'attributes set and removed, on every kind of condition',
    {
      update: key,
      set: { seq: 2, holder: undefined, size: 3 },
      when: { is: { seq: 1, isClosed: undefined }, has: ['pk'], below: { cursor: 9 } },
    },
    {
      Update: {
        TableName: 'swe',
        Key: key,
        UpdateExpression: 'SET #0 = :0, #1 = :1 REMOVE #2',
        ConditionExpression: '#0 = :2 AND attribute_not_exists(#3) AND attribute_exists(#4) AND #5 < :3',
        ExpressionAttributeNames: {
          '#0': 'seq',
          '#1': 'size',
          '#2': 'holder',
          '#3': 'isClosed',
          '#4': 'pk',
          '#5': 'cursor',
        },
        ExpressionAttributeValues: { ':0': 2, ':1': 3, ':2': 1, ':3': 9 },
      },
    },
  ],
  [
    'only removed, from an item that is given whole',
    { update: { ...key, seq: 1 } as typeof key, set: { holder: undefined } },
    {
      Update: {
        TableName: 'swe',
        Key: key,
        UpdateExpression: 'REMOVE #0',
        ExpressionAttributeNames: { '#0': 'holder' },
      },
    },
  ],
  ['an item removed', { remove: key }, { Delete: { TableName: 'swe', Key: key } }],
  [
    'a condition alone',
    { check: key, when: { is: { seq: 4 } } },
    {
      ConditionCheck: {
        TableName: 'swe',
        Key: key,
        ConditionExpression: '#0 = :0',
        ExpressionAttributeNames: { '#0': 'seq' },
        ExpressionAttributeValues: { ':0': 4 },
      },
    },
  ],
])('%s', (_, action, expected) => {
  expect(toTransactItem(action, 'swe')).toEqual(expected);
});

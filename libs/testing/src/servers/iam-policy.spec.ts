import { describe, expect, it } from '@jest/globals';
import { isAllowed } from './iam-policy';
import type { IamRequest, IamStatement } from './iam-policy';

const statement = (rest: Partial<IamStatement>): readonly IamStatement[] => [
  { Effect: 'Allow', Action: ['s3:GetObject'], Resource: 'arn:bucket/${aws:PrincipalTag/a}/*', ...rest },
];
const request = (rest: Partial<IamRequest> = {}): IamRequest => ({
  action: 's3:GetObject',
  resource: 'arn:bucket/one/x',
  context: { 'aws:PrincipalTag/a': 'one' },
  ...rest,
});

it.each([
  [true, {}],
  [false, { action: 's3:GetObjectAcl' }],
  [false, { resource: 'arn:bucket/other/x' }],
  [false, { resource: 'arn:bucket/one' }],
  // No tag is no session's.
  [false, { context: {}, resource: 'arn:bucket/${aws:PrincipalTag/a}/x' }],
] as const)('is %s for %j', (expected, rest) => {
  expect(isAllowed(statement({}), request(rest))).toBe(expected);
});

describe('a condition', () => {
  const keys = (wanted: string | readonly string[]) => ({ k: wanted });
  it.each([
    [{ StringEquals: keys('v?') }, ['v?'], true],
    [{ StringEquals: keys('v?') }, ['v1'], false],
    [{ StringLike: keys('v?') }, ['v1'], true],
    [{ StringLike: keys('v?') }, ['v'], false],
    [{ StringLike: keys('v?') }, undefined, false],
    [{ 'ForAllValues:StringLike': keys(['a*', 'b']) }, ['a1', 'b'], true],
    [{ 'ForAllValues:StringLike': keys(['a*', 'b']) }, ['a1', 'c'], false],
    [{ 'ForAllValues:StringLike': keys('a*') }, undefined, true],
    [{ 'ForAllValues:StringLike': keys('a*'), Null: keys('false') }, undefined, false],
    [{ Null: keys('false') }, ['a'], true],
  ])('%j on %j is %s', (Condition, value, expected) => {
    const context = { 'aws:PrincipalTag/a': 'one', ...(value && { k: value }) };
    expect(isAllowed(statement({ Condition }), request({ context }))).toBe(expected);
  });

  it('that is not known is not passed over', () => {
    const Condition = { NumericLessThan: { k: '1' } };
    expect(() => isAllowed(statement({ Condition }), request())).toThrow('NumericLessThan');
  });
});

import { inspect } from 'node:util';
import { expect, it } from '@jest/globals';
import { Fault } from '@swe/domain';
import { COMMON_ADVICE } from './aws-advice';
import { toAwsFault } from './aws-fault';

/** As the SDK makes it of an answer. */
function vendorError(name: string, message: string, facts: object = {}): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 }, ...facts });
}

function faultOf(error: Error): Fault {
  const fault = toAwsFault(error, {});
  if (!(fault instanceof Fault)) throw new Error(`${error.name} is no fault`);
  return fault;
}

it('a message has the name, the words and what mends it', () => {
  const { message } = faultOf(vendorError('ExpiredToken', 'The provided token has expired.'));
  expect(message).toMatch(/^ExpiredToken: The provided token has expired: renew the credentials/);
});

it('a request that is quoted in the same line is not told', () => {
  const quoted =
    "No match. The Canonical String for this request should have been 'POST x-amz-security-token:hunter2'";
  expect(faultOf(vendorError('InvalidSignatureException', quoted)).message).toMatch(/: No match: check/);
});

it('an error without words is told by its name', () => {
  expect(faultOf(vendorError('Throttling', '')).message).toBe('Throttling');
});

it('a name that no server has is a region or an endpoint to be corrected', () => {
  const words = 'getaddrinfo ENOTFOUND dynamodb.eu-wets-1.amazonaws.com';
  const error = vendorError('Error', words, { code: 'ENOTFOUND', $metadata: { attempts: 1 } });
  expect(faultOf(error)).toMatchObject({
    kind: 'transient',
    message: expect.stringMatching(/^getaddrinfo ENOTFOUND dynamodb.eu-wets-1.*: no server .*AWS_REGION/),
  });
});

it('a service\u2019s own meaning of a name goes before the one that all share', () => {
  const own = { ValidationException: 'conflict' } as const;
  expect(toAwsFault(vendorError('ValidationException', 'no'), own)).toMatchObject({ kind: 'conflict' });
});

it.each(Object.keys(COMMON_ADVICE))('what %s says is told up to its first line and a bound', (name) => {
  const { message } = faultOf(vendorError(name, `${'x'.repeat(10_000)}\nhunter2`));
  expect(message.length).toBeLessThan(800);
  expect(message).not.toContain('hunter2');
});

it.each(['InvalidSignatureException', 'SignatureDoesNotMatch', 'IncompleteSignature'])(
  'what %s quotes of the request is no cause either',
  (name) => {
    const quoted = { CanonicalRequest: 'x-amz-security-token:hunter2' };
    const fault = faultOf(vendorError(name, 'No.\nx-amz-security-token:hunter2', quoted));
    expect(inspect(fault, { depth: 10, showHidden: true })).not.toContain('hunter2');
    expect(fault.cause).toMatchObject({ name, message: 'No' });
  },
);

it.each([
  [
    'User: arn:aws:sts::1:assumed-role/a-role/me is not authorized to perform: s3:GetObject on x',
    /s3:GetObject .* a-role$/,
  ],
  [
    'User: arn:aws:iam::1:user/ada is not authorized to perform: ssm:GetParameter on x',
    /ssm:GetParameter .* runs with$/,
  ],
  ['Access Denied', /allow it .* runs with$/],
])('a denial names the action and the role as far as it is known: %s', (words, mend) => {
  expect(faultOf(vendorError('AccessDenied', words)).message).toMatch(mend);
});

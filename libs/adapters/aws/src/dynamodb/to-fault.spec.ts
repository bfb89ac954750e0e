import { expect, it } from '@jest/globals';
import { Fault } from '@swe/domain';
import { cancellationOf, toFault } from './to-fault';

const ASKED = { tableName: 'swe-main', region: 'eu-west-1' };

/** As the SDK makes it of the vendor's answer. */
function cancelled(...codes: readonly string[]): Error {
  return Object.assign(new Error('Transaction cancelled'), {
    name: 'TransactionCanceledException',
    $fault: 'client',
    $metadata: { httpStatusCode: 400 },
    CancellationReasons: codes.map((Code) => ({ Code })),
  });
}

function vendorError(name: string, httpStatusCode?: number, code?: string): Error {
  const $metadata = httpStatusCode === undefined ? {} : { httpStatusCode };
  return Object.assign(new Error('words of the vendor'), { name, $metadata, ...(code && { code }) });
}

it.each([
  [['None', 'ConditionalCheckFailed'], 'stale', 'conflict'],
  [['TransactionConflict', 'ConditionalCheckFailed'], 'stale', 'conflict'],
  [['ConditionalCheckFailed', 'ValidationError'], 'stale', 'conflict'],
  [['None', 'TransactionConflict', 'TransactionConflict'], 'contended', 'transient'],
  [['ThrottlingError'], 'throttled', 'throttled'],
  [['TransactionConflict', 'ProvisionedThroughputExceeded', 'None'], 'throttled', 'throttled'],
  [['None', 'ValidationError'], undefined, 'invalid'],
  [['ThrottlingError', 'ItemCollectionSizeLimitExceeded'], undefined, 'invalid'],
  [['None'], undefined, 'invalid'],
] as const)('a transaction cancelled for %j is %s, a fault of kind %s', (codes, cancellation, kind) => {
  const error = cancelled(...codes);
  expect(cancellationOf(error)).toBe(cancellation);
  expect(toFault(error, ASKED)).toMatchObject({ kind, cause: error });
});

it('a write that is still under way under its token may be sent again', () => {
  const error = vendorError('TransactionInProgressException', 400);
  expect(cancellationOf(error)).toBe('contended');
  expect(toFault(error, ASKED)).toMatchObject({ kind: 'transient' });
});

it.each([
  [vendorError('ConditionalCheckFailedException', 400), 'conflict'],
  [vendorError('TransactionConflictException', 400), 'transient'],
  [vendorError('ProvisionedThroughputExceededException', 400), 'throttled'],
  [vendorError('ThrottlingException', 400), 'throttled'],
  [vendorError('RequestLimitExceeded', 400), 'throttled'],
  [vendorError('AccessDeniedException', 400), 'denied'],
  [vendorError('UnrecognizedClientException', 400), 'denied'],
  [vendorError('ExpiredTokenException', 400), 'transient'],
  [vendorError('CredentialsProviderError'), 'denied'],
  [vendorError('ValidationException', 400), 'invalid'],
  [vendorError('InternalServerError', 500), 'transient'],
  [vendorError('SomethingNew', 503), 'transient'],
  [vendorError('TimeoutError'), 'transient'],
  [vendorError('Error', undefined, 'ECONNREFUSED'), 'transient'],
  [vendorError('Error', undefined, 'EAI_AGAIN'), 'transient'],
])('%s is %s', (error, kind) => {
  const fault = toFault(error, ASKED);
  expect(fault).toBeInstanceOf(Fault);
  expect(fault).toMatchObject({ kind, cause: error });
});

it('a table that is not there is named, and is nothing a caller could take for a missing session', () => {
  const fault = toFault(vendorError('ResourceNotFoundException', 400), ASKED);
  expect(fault).toMatchObject({
    kind: 'invalid',
    message: expect.stringContaining('no table swe-main in eu-west-1'),
  });
});

it.each([
  new TypeError('a bug'),
  vendorError('IdempotentParameterMismatchException', 400),
  vendorError('Error', undefined, 'ENOENT'),
  new Fault('missing', 'already told'),
  'text',
])('%s passes through', (error) => {
  expect(toFault(error, ASKED)).toBe(error);
});

import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { FaultKind } from '@swe/domain';
import { expectFault } from '@swe/testing/contracts';
import { DynamoTable } from './dynamo-table';

interface Request {
  readonly ClientRequestToken?: string;
  readonly RequestItems?: {
    readonly swe: { readonly Keys: readonly { readonly pk: { readonly S: string } }[] };
  };
}
type Answer = readonly [status: number, body: object];

/** As DynamoDB words it: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
function cancelled(...codes: readonly string[]): Answer {
  const type = 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException';
  const reasons = codes.map((Code) => ({ Code, ...(Code === 'None' ? {} : { Message: 'why' }) }));
  const Message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(', ')}]`;
  return [400, { __type: type, CancellationReasons: reasons, Message }];
}

const done: Answer = [200, {}];
const conflict = cancelled('None', 'TransactionConflict');

let server: Server;
let client: DynamoDBClient;
let answers: Answer[] | ((request: Request) => Answer);
let requests: Request[];
let slept: number[];
let table: DynamoTable;

beforeEach(async () => {
  [requests, slept, answers] = [[], [], []];
  server = createServer(async (incoming, response) => {
    const request = JSON.parse(Buffer.concat(await Array.fromAsync(incoming)).toString()) as Request;
    requests.push(request);
    const [status, body] = Array.isArray(answers) ? (answers.shift() ?? [500, {}]) : answers(request);
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  let ids = 0;
  const clock = { sleep: async (ms: number) => void slept.push(ms) };
  table = new DynamoTable({
    client,
    tableName: 'swe',
    clock,
    random: { fraction: () => 0.5, id: () => `token-${(ids += 1)}` },
  });
});
afterEach(async () => {
  client.destroy();
  await new Promise((resolve) => server.close(resolve));
});

const write = async () => ({ result: 'written', actions: [{ remove: { pk: 'a', sk: 'b' } }] });
const tokens = () => requests.map(({ ClientRequestToken }) => ClientRequestToken);

it('a write that meets another is sent again as it was, after growing pauses', async () => {
  answers = [conflict, conflict, cancelled('TransactionConflict'), done];
  expect(await table.transact(write)).toBe('written');
  expect(tokens()).toEqual(['token-1', 'token-1', 'token-1', 'token-1']);
  expect(slept).toEqual([5, 10, 20]);
});

it('a write whose condition fails is decided anew, under a token of its own', async () => {
  answers = [cancelled('None', 'ConditionalCheckFailed'), done];
  let decided = 0;
  const result = await table.transact(async () => ({ ...(await write()), result: (decided += 1) }));
  expect(result).toBe(2);
  expect(tokens()).toEqual(['token-1', 'token-2']);
});

it('what is decided without a write writes nothing', async () => {
  expect(await table.transact(async () => ({ result: 7, actions: [] }))).toBe(7);
  expect(requests).toEqual([]);
});

it.each([
  ['others are always faster', cancelled('ConditionalCheckFailed'), 'transient'],
  ['others are always at it', conflict, 'transient'],
  ['the table is always throttled', cancelled('ThrottlingError'), 'throttled'],
] as const)('when %s the write is given up in the end', async (_, answer, kind) => {
  answers = () => answer;
  await expectFault(table.transact(write), kind);
  expect(requests.length).toBeLessThan(100);
  expect(Math.max(...slept)).toBe(500);
});

it('a write that no other attempt would make better is not sent again', async () => {
  answers = [cancelled('ValidationError', 'None')];
  await expectFault(table.transact(write), 'invalid');
  answers = [[400, { __type: 'com.amazon.coral.service#AccessDeniedException', Message: 'no' }]];
  await expectFault(table.transact(write), 'denied');
  expect(requests).toHaveLength(2);
});

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
const refused = (type: string, message: string): Answer => [400, { __type: type, message }];
const CORAL = 'com.amazon.coral.service#';
const USER = 'User: arn:aws:sts::111122223333:assumed-role/swe-main-agent/i-0a1b2c3d';
const TABLE = 'arn:aws:dynamodb:eu-west-1:111122223333:table/swe';

it.each<[string, Answer, FaultKind, RegExp]>([
  [
    'a missing table, or one in another region',
    refused('com.amazonaws.dynamodb.v20120810#ResourceNotFoundException', 'Requested resource not found'),
    'invalid',
    /^ResourceNotFoundException: Requested resource not found: DynamoDB has no table swe in eu-west-1, .*SWE_TABLE_NAME.*AWS_REGION/,
  ],
  [
    'a denied permission',
    refused(
      `${CORAL}AccessDeniedException`,
      `${USER} is not authorized to perform: dynamodb:GetItem on resource: ${TABLE} because no identity-based policy allows the dynamodb:GetItem action`,
    ),
    'denied',
    /: allow dynamodb:GetItem in the policy of the role swe-main-agent$/,
  ],
  [
    'expired credentials',
    refused(`${CORAL}ExpiredTokenException`, 'The security token included in the request is expired'),
    'transient',
    /token included in the request is expired: renew the credentials/,
  ],
  [
    'credentials that the region does not know',
    refused(`${CORAL}UnrecognizedClientException`, 'The security token included in the request is invalid.'),
    'denied',
    /request is invalid: AWS does not know these credentials.*AWS_REGION/,
  ],
  [
    'a clock that is behind',
    refused(
      `${CORAL}InvalidSignatureException`,
      'Signature expired: 20261122T174101Z is now earlier than 20261122T174504Z (20261122T175004Z - 5 min.)',
    ),
    'transient',
    /clock is off by more than five minutes, synchronise it \(chrony\)$/,
  ],
  [
    'a clock that is ahead',
    refused(
      `${CORAL}InvalidSignatureException`,
      'Signature not yet current: 20261122T092200Z is still later than 20261122T092115Z (20261122T091615Z + 5 min.)',
    ),
    'transient',
    /clock is off by more than five minutes/,
  ],
  [
    'a region that does not exist',
    refused(
      `${CORAL}InvalidSignatureException`,
      "Credential should be scoped to a valid region, not 'eu-east-2'. ",
    ),
    'denied',
    /correct AWS_REGION$/,
  ],
])('%s is told with what mends it', async (_, answer, kind, message) => {
  for (const use of [() => table.get({ pk: 'a', sk: 'b' }), () => table.transact(write)]) {
    answers = [answer];
    expect((await expectFault(use(), kind)).message).toMatch(message);
  }
});

it('the request that DynamoDB quotes, session token included, goes nowhere', async () => {
  const words = 'The request signature we calculated does not match the signature you provided.';
  const quoted = `POST\n/\n\nhost:dynamodb.eu-west-1.amazonaws.com\nx-amz-security-token:hunter2\n`;
  answers = [
    refused(
      `${CORAL}InvalidSignatureException`,
      `${words}\n\nThe Canonical String for this request should have been\n'${quoted}'`,
    ),
  ];
  const fault = await expectFault(table.get({ pk: 'a', sk: 'b' }), 'denied');
  expect(fault.message).toMatch(/does not match the signature you provided: check the secret access key/);
  expect(inspect(fault, { depth: 10, showHidden: true })).not.toContain('hunter2');
});

it('more actions than a transaction has are `invalid`, before anything is sent', async () => {
  const actions = Array.from({ length: 101 }, (_, i) => ({ remove: { pk: 'a', sk: `${i}` } }));
  await expectFault(
    table.transact(async () => ({ result: undefined, actions })),
    'invalid',
  );
  expect(requests).toEqual([]);
});

it('many keys are read by a hundred, each once, and asked for again while the vendor leaves some out', async () => {
  let isFirst = true;
  answers = ({ RequestItems }) => {
    const keys = RequestItems?.swe.Keys ?? [];
    const left = isFirst ? keys.slice(0, 30) : [];
    isFirst = false;
    const given = keys.slice(left.length).filter(({ pk }) => pk.S !== 'k7');
    return [
      200,
      {
        Responses: { swe: given },
        UnprocessedKeys: left.length === 0 ? {} : { swe: { Keys: left, ConsistentRead: true } },
      },
    ];
  };
  const keys = Array.from({ length: 150 }, (_, i) => ({ pk: `k${i}`, sk: 'x' }));
  const found = await table.getAll([...keys, ...keys.slice(0, 1)]);
  expect(found.map((item) => item?.pk)).toEqual(
    [...keys, ...keys.slice(0, 1)].map(({ pk }) => (pk === 'k7' ? undefined : pk)),
  );
  expect(requests.map(({ RequestItems }) => RequestItems?.swe.Keys.length)).toEqual([100, 80]);
});

it('reading is given up when the vendor leaves out everything', async () => {
  answers = ({ RequestItems }) => [200, { Responses: {}, UnprocessedKeys: RequestItems }];
  await expectFault(table.getAll([{ pk: 'a', sk: 'b' }]), 'throttled');
});

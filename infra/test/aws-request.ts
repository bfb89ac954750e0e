/** Says whose request it is; an emulator verifies no signatures. */
const authorization = (service: string): string =>
  `AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;

const SERVICES: Readonly<Record<string, string>> = { AmazonSSM: 'ssm', DynamoDB_20120810: 'dynamodb' };
const VERSIONS: Readonly<Record<string, string>> = {
  cloudformation: '2010-05-15',
  ec2: '2016-11-15',
  iam: '2010-05-08',
};

/** A call of a service that speaks JSON: `AmazonSSM.PutParameter`. Throws when it is refused. */
export async function callJson(endpoint: string, target: string, body: object): Promise<string> {
  const service = SERVICES[target.split('.')[0] ?? ''] ?? '';
  return answerOf(endpoint, service, {
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target },
    body: JSON.stringify(body),
  });
}

/** A call of a service that takes forms and answers XML, CloudFormation unless another is named. Throws when it is refused. */
export async function callQuery(
  endpoint: string,
  action: string,
  fields: Readonly<Record<string, string>>,
  service = 'cloudformation',
): Promise<string> {
  return answerOf(endpoint, service, {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ Action: action, Version: VERSIONS[service] ?? '', ...fields }).toString(),
  });
}

async function answerOf(
  endpoint: string,
  service: string,
  { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
): Promise<string> {
  const signed = { ...headers, authorization: authorization(service) };
  const response = await fetch(endpoint, { method: 'POST', headers: signed, body });
  const answer = await response.text();
  if (!response.ok) throw new Error(`${service}: ${response.status} ${answer.slice(0, 2_000)}`);
  return answer;
}

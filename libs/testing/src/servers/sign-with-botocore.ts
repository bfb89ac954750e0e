import { execFileSync } from 'node:child_process';
import { pythonProgram } from './python';
import type { Signer } from './verify-sigv4';

const SCRIPT = `
import json, sys
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

wanted = json.load(sys.stdin)
signer = wanted["signer"]
request = AWSRequest("POST", wanted["url"], headers=wanted["headers"], data=wanted["body"])
credentials = Credentials(signer["accessKeyId"], signer["secretAccessKey"], signer.get("sessionToken"))
SigV4Auth(credentials, "appsync", wanted["region"]).add_auth(request)
json.dump(dict(request.headers), sys.stdout)
`;

/** The headers that AWS's SDK for Python signs a `POST` to AppSync with, at the time it is. */
export function signWithBotocore(wanted: {
  readonly url: string;
  readonly region: string;
  readonly signer: Signer;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}): Record<string, string> {
  const signed = execFileSync(pythonProgram(), ['-c', SCRIPT], {
    input: JSON.stringify(wanted),
    encoding: 'utf8',
  });
  return JSON.parse(signed) as Record<string, string>;
}

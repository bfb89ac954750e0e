import { Fault } from '@swe/domain';
import { toAwsFault } from '../aws-fault';

/**
 * What Systems Manager calls failures:
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html. An answer that could not be
 * read is told without its cause: the parser's message quotes the answer, and the SDK hangs all of it on the error.
 */
export function toFault(error: unknown, name: string): unknown {
  if (error instanceof SyntaxError) {
    return new Fault('transient', `the answer with parameter ${name} could not be read`);
  }
  return toAwsFault(error, {
    // The key the parameter is encrypted with: deleted, disabled, or another account's.
    InvalidKeyId: { kind: 'denied', message: `parameter ${name} cannot be decrypted: see its KMS key` },
    ParameterNotFound: { kind: 'missing', message: `there is no parameter ${name}` },
    ParameterVersionNotFound: { kind: 'missing', message: `parameter ${name} has no such version` },
  });
}

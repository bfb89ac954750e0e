import { Fault } from '@swe/domain';
import { toAwsFault } from './aws-fault';

/** Which parameter was asked for, and where. */
export interface Asked {
  readonly name: string;
  readonly region: string;
}

/**
 * What Systems Manager calls failures:
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html. An answer that could not be
 * read is told without its cause: the parser's message quotes the answer, and the SDK hangs all of it on the error.
 */
export function toFault(error: unknown, { name, region }: Asked): unknown {
  if (error instanceof SyntaxError) {
    return new Fault('transient', `the answer with parameter ${name} could not be read`);
  }
  return toAwsFault(error, {
    HierarchyTypeMismatchException: 'invalid',
    // The key the parameter is encrypted with: deleted, disabled, or another account's.
    InvalidKeyId: {
      kind: 'denied',
      mend: `parameter ${name} cannot be decrypted, see its KMS key and who may use it`,
    },
    ParameterAlreadyExists: 'conflict',
    ParameterNotFound: {
      kind: 'missing',
      mend: `there is no parameter ${name} in ${region}, store it there, or correct its name or AWS_REGION`,
    },
    ParameterVersionNotFound: {
      kind: 'missing',
      mend: `parameter ${name} has no such version in ${region}, correct its name`,
    },
  });
}

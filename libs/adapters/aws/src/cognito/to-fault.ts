import { Fault } from '@swe/domain';
import {
  AuthorizationResponseError,
  OperationProcessingError,
  ResponseBodyError,
  UnsupportedOperationError,
} from 'oauth4webapi';

/**
 * What a sign-in failed by: `denied` where Cognito, or a check of what it said, refused it. A token endpoint that is
 * down, and a connection that broke, are `transient`.
 */
export function toFault(error: unknown): unknown {
  if (error instanceof ResponseBodyError && error.status >= 500) return transient(error);
  if (
    error instanceof AuthorizationResponseError ||
    error instanceof ResponseBodyError ||
    error instanceof UnsupportedOperationError
  ) {
    return new Fault('denied', `the sign-in was refused: ${error.message}`, { cause: error });
  }
  if (error instanceof OperationProcessingError) {
    // An answer of another status than the protocol has: what is in front of the endpoint answered.
    if (error.cause instanceof Response) return transient(error);
    return new Fault('denied', `the sign-in is not to be trusted: ${error.message}`, { cause: error });
  }
  // As `fetch` has it: https://fetch.spec.whatwg.org/#fetch-method
  return Error.isError(error) && error.name === 'TypeError' ? transient(error) : error;
}

const transient = (cause: Error): Fault =>
  new Fault('transient', `Cognito could not be asked: ${cause.message}`, { cause });

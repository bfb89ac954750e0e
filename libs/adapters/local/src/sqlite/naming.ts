import { Fault, isFault } from '@swe/domain';

/** Reads what is stored of a session; when that can't be read, the fault names the session. */
export function naming<T>(sessionId: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!isFault(error, 'invalid')) throw error;
    throw new Fault('invalid', `Session ${sessionId} can't be read: ${error.message}`, { cause: error });
  }
}

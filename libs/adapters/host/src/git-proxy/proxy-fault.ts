import { Fault, isFault } from '@swe/domain';
import type { CredentialPurpose, FaultKind } from '@swe/domain';

/** How a client is told of each kind of failure. 401 is none: git would ask for a password that nobody has. */
const STATUS: Readonly<Record<FaultKind, number>> = {
  transient: 503,
  throttled: 503,
  denied: 403,
  missing: 404,
  conflict: 409,
  invalid: 400,
  cancelled: 503,
};

/** What is known of a request that a host refused. */
export interface Asked {
  readonly repository: string;
  readonly purpose: CredentialPurpose;
  readonly isOfSession: boolean;
}

/** A host's refusal in words of our own: what it says itself may repeat what it was sent. */
export function refusalOfHost(status: number, { repository, purpose, isOfSession }: Asked): Fault {
  if (status === 401 || status === 403 || status === 404) {
    if (!isOfSession) return new Fault('missing', notOfSession(repository));
    const verb = purpose === 'read' ? 'read' : 'pushed to';
    const kind = status === 404 ? 'missing' : 'denied';
    const mend = `whoever runs this has to give ${purpose === 'read' ? 'read' : 'write'} access there to the agent's token or App`;
    return new Fault(
      kind,
      `${repository} cannot be ${verb} with this session's access: its host says ${status}; ${mend}`,
    );
  }
  const kind = status === 429 ? 'throttled' : status >= 500 ? 'transient' : 'invalid';
  const advice = kind === 'invalid' ? '' : '; try again later';
  return new Fault(kind, `${repository}: its host says ${status}${advice}`);
}

export function notOfSession(repository: string): string {
  return `${repository} is not public, or not there; if it is private, call clone_repository first`;
}

/** A fault in one line, as short as all of git's wires take. */
export function wordsOf({ message }: Fault): string {
  return message.replace(/\s+/g, ' ').slice(0, 1000);
}

export function statusOf(fault: Fault): number {
  return STATUS[fault.kind];
}

/** Any error as one that may be told: of those that no port promised only what the system calls them. */
export function toTold(error: unknown, repository: string): Fault {
  if (isFault(error)) return error;
  const { code } = error as { readonly code?: unknown };
  const name = typeof code === 'string' && /^[A-Z0-9_]+$/.test(code) ? ` (${code})` : '';
  return new Fault('transient', `${repository}: its host cannot be reached${name}; try again later`, {
    cause: error,
  });
}

import type { Clock } from '@swe/domain';
import type { Finding } from './examine';
import { lookOnce } from './look-once';

/** Where a deployment's secrets lie. */
export interface SecretShelf {
  /** Undefined where there is none; what is no secret lies there in clear. */
  find(
    name: string,
    signal: AbortSignal,
  ): Promise<{ readonly value: string; readonly isSecret: boolean } | undefined>;
  /** Throws `conflict` where there is one already. */
  create(name: string, value: string): Promise<void>;
  replace(name: string, value: string): Promise<void>;
}

/** Somebody who can be asked. Both throw `cancelled` when they don't want to be asked any more. */
export interface Operator {
  ask(question: string): Promise<string>;
  /** What is typed is shown nowhere. */
  askSecretly(question: string): Promise<string>;
}

/** A secret that a deployment reads, and how whoever sets it up comes by it. */
export interface WantedSecret {
  readonly step: string;
  readonly parameter: string;
  /** Told before it is asked for. */
  readonly origin: string;
  readonly question: string;
  /** What is typed is no secret itself, such as the name of a file. */
  readonly isTypedOpenly?: true;
  /** A deployment does something without it. */
  readonly isOptional?: true;
  /** What is stored of what was typed: it may be the name of a file. */
  read(typed: string): Promise<string>;
  /** Says what it is good for, or throws what is wrong with it. */
  check(value: string, signal: AbortSignal): Promise<string>;
}

export interface SetupPorts {
  readonly shelf: SecretShelf;
  /** Undefined where nobody can be asked. */
  readonly operator: Operator | undefined;
  readonly onFinding: (finding: Finding) => void;
  readonly say: (words: string) => void;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly signal: AbortSignal;
}

type Condition =
  | { readonly is: 'good'; readonly detail: string }
  | { readonly is: 'missing' }
  | { readonly is: 'bad'; readonly reason: string };

/**
 * Sees to it that a secret is stored and good, by what is stored and not by what was done before: done again, it goes on
 * where it was left. What is there is kept, unless somebody says that it is to be replaced; nothing is stored before it
 * was checked; no value is told. Says whether the deployment has what it needs.
 */
export async function provideSecret(wanted: WantedSecret, ports: SetupPorts): Promise<boolean> {
  const { step, parameter, isOptional = false } = wanted;
  const { operator, onFinding } = ports;
  const condition = await conditionOf(wanted, ports);
  if (condition.is === 'good') {
    onFinding({ step, ok: true, detail: `${parameter}: ${condition.detail}` });
    return true;
  }
  const mayLack = isOptional && condition.is === 'missing';
  const reason = condition.is === 'bad' ? condition.reason : 'is not stored yet';
  const passedOver = mayLack ? ({ isPassedOver: true } as const) : {};
  onFinding({ step, ok: false, ...passedOver, detail: `${parameter}: ${reason}` });
  if (operator === undefined) return mayLack;
  if (condition.is === 'bad' && !isYes(await operator.ask(`Replace ${parameter}? [y/N]`))) return false;
  const typed = await askFor(wanted, operator, ports);
  if (typed === undefined) return mayLack;
  const { shelf } = ports;
  await (condition.is === 'bad'
    ? shelf.replace(parameter, typed.value)
    : shelf.create(parameter, typed.value));
  onFinding({ step, ok: true, detail: `${parameter}: stored, ${typed.detail}` });
  return true;
}

async function conditionOf(wanted: WantedSecret, ports: SetupPorts): Promise<Condition> {
  const found = await ports.shelf.find(wanted.parameter, ports.signal);
  if (found === undefined) return { is: 'missing' };
  if (!found.isSecret) return { is: 'bad', reason: 'lies there in clear, and has to be a SecureString' };
  try {
    return { is: 'good', detail: await checked(wanted, found.value, ports) };
  } catch (error) {
    if (ports.signal.aborted) throw error;
    return { is: 'bad', reason: reasonOf(error) };
  }
}

/** Asks until what is typed is good; undefined when nothing is typed. */
async function askFor(wanted: WantedSecret, operator: Operator, ports: SetupPorts) {
  const { step, origin, question, isTypedOpenly = false } = wanted;
  const words = `${question}, or Enter to leave it for now`;
  ports.say(origin);
  for (;;) {
    const typed = (await (isTypedOpenly ? operator.ask(words) : operator.askSecretly(words))).trim();
    if (typed === '') return undefined;
    try {
      const value = await wanted.read(typed);
      return { value, detail: await checked(wanted, value, ports) };
    } catch (error) {
      if (ports.signal.aborted) throw error;
      ports.onFinding({ step, ok: false, detail: reasonOf(error) });
    }
  }
}

/** Asks its vendor. Throws `cancelled` at once when nobody waits for the answer any more. */
function checked(wanted: WantedSecret, value: string, { clock, signal }: SetupPorts): Promise<string> {
  return lookOnce((until) => wanted.check(value, until), clock, signal);
}

function reasonOf(error: unknown): string {
  return Error.isError(error) ? error.message : String(error);
}

function isYes(answer: string): boolean {
  return /^y(es)?$/i.test(answer.trim());
}

import { afterEach, describe, expect, it } from '@jest/globals';

/** A port's promises as data: each clause, named by its sentence in the port's docstring, and how to check it. */
export type Contract<Subject, Clause extends string = string> = Readonly<
  Record<Clause, (subject: Subject) => Promise<void>>
>;

/** A fresh subject for one clause, and how to put it away. */
export interface Opened<Subject> {
  readonly subject: Subject;
  close?(): Promise<void>;
}

export type Waivers<Clause extends string> = Readonly<Partial<Record<Clause, string>>>;

/**
 * Checks an adapter against every clause of its port's contract, each on a fresh subject. A waived clause shows up
 * as skipped, with the reason in its name; a waiver for a clause that does not exist throws.
 */
export function runContract<Subject, Clause extends string>(
  name: string,
  contract: Contract<Subject, Clause>,
  open: () => Promise<Opened<Subject>> | Opened<Subject>,
  waivers?: Waivers<Clause>,
): void {
  const unknown = Object.keys(waivers ?? {}).filter((clause) => !Object.hasOwn(contract, clause));
  if (unknown.length > 0) throw new Error(`${name} waives clauses that do not exist: ${unknown.join('; ')}`);

  describe(name, () => {
    let opened: Opened<Subject> | undefined;
    afterEach(async () => {
      await opened?.close?.();
      opened = undefined;
    });
    for (const [clause, check] of clausesOf(contract)) {
      const reason = waivers?.[clause];
      if (reason !== undefined) {
        it.skip(`${clause} (waived: ${reason})`, () => undefined);
        continue;
      }
      it(clause, async () => {
        opened = await open();
        await check(opened.subject);
      });
    }
  });
}

/** Opens a subject that breaks one clause. */
export type Breakers<Subject, Clause extends string> = Readonly<
  Record<Clause, () => Promise<Opened<Subject>> | Opened<Subject>>
>;

/** Proves that every clause of a contract bites: each must fail on a subject that breaks it. */
export function proveBites<Subject, Clause extends string>(
  name: string,
  contract: Contract<Subject, Clause>,
  breakers: Breakers<Subject, Clause>,
): void {
  describe(`${name} contract bites`, () => {
    for (const [clause, check] of clausesOf(contract)) {
      it(clause, async () => {
        const { subject, close } = await breakers[clause]();
        try {
          await expect(check(subject)).rejects.toThrow();
        } finally {
          await close?.();
        }
      });
    }
  });
}

function clausesOf<Subject, Clause extends string>(contract: Contract<Subject, Clause>) {
  return Object.entries(contract) as [Clause, (subject: Subject) => Promise<void>][];
}

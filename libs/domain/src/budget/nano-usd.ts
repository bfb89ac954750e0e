import { z } from 'zod';
import { Fault } from '../fault';

/**
 * Money as a whole number of nano-US-dollars, so that sums are exact. A token of the cheapest tier costs about ten of
 * them; the largest amount is 9 million dollars.
 */
export const nanoUsd = z.int().nonnegative();

const NANO = 1_000_000_000;
/** What is beyond is noise of floating-point sums: 0.1 + 0.2 dollars are no nano-dollar more than 0.3. */
const SIGNIFICANT_DIGITS = 15;

/** Rounded up. Throws `invalid` for what is no amount of money. */
export function toNanoUsd(usd: number): number {
  if (usd < 0) throw new Fault('invalid', `${usd} is no amount of US dollars`);
  return checkNanoUsd(Math.ceil(Number((usd * NANO).toPrecision(SIGNIFICANT_DIGITS))));
}

export function toUsd(amountNanoUsd: number): number {
  return amountNanoUsd / NANO;
}

/** For people, to the cent; what is less than one is not shown as nothing. */
export function nanoUsdWords(amountNanoUsd: number): string {
  const usd = toUsd(amountNanoUsd);
  return usd > 0 && usd < 0.005 ? 'under $0.01' : `$${usd.toFixed(2)}`;
}

/** Returns `amount`. Throws `invalid` unless it is a non-negative safe integer. */
export function checkNanoUsd(amount: number): number {
  if (nanoUsd.safeParse(amount).success) return amount;
  throw new Fault('invalid', `${amount} is no amount of nano-US-dollars`);
}

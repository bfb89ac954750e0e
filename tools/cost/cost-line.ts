import type { Price } from './prices';

/** A line of a month's bill. */
export interface CostLine {
  readonly service: string;
  readonly what: string;
  readonly usd: number;
}

export function line(
  service: string,
  what: string,
  ...charges: readonly (readonly [number, Price])[]
): CostLine {
  return { service, what, usd: charges.reduce((sum, [quantity, { usd }]) => sum + quantity * usd, 0) };
}

/** `1 alarm`, `8 alarms`. */
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

export const totalOf = (lines: readonly CostLine[]): number => lines.reduce((sum, { usd }) => sum + usd, 0);

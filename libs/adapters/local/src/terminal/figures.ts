import type { Usage } from '@swe/domain';

/** A length of time: `0.4 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : wholeSeconds(ms);
}

/** A length of time that goes on, without a digit that never rests: `4 s`, `2 min 5 s`. */
export function wholeSeconds(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  return s < 60 ? `${s} s` : `${Math.floor(s / 60)} min ${s % 60} s`;
}

/** Tokens in and out of a model call, the cached ones in brackets. A step's line has to fit into 80 columns. */
export function tokens({ inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens }: Usage): string {
  const cached = cacheReadTokens > 0 ? ` (${count(cacheReadTokens)} cached)` : '';
  return `${count(inputTokens + cacheReadTokens + cacheWriteTokens)} in${cached}, ${count(outputTokens)} out`;
}

function count(amount: number): string {
  return amount < 10_000 ? String(amount) : `${(amount / 1000).toFixed(1)}k`;
}

/** US dollars, with as many digits as say something. What costs something is never shown as nothing. */
export function dollars(usd: number): string {
  if (usd === 0) return '$0';
  if (usd < 0.0001) return '<$0.0001';
  return `$${usd.toFixed(usd < 1 ? 4 : 2)}`;
}

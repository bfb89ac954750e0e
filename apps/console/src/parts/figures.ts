const usd = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD' });
const smallUsd = new Intl.NumberFormat('en', {
  style: 'currency',
  currency: 'USD',
  maximumSignificantDigits: 2,
});
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** Less than a cent is not nothing. */
export const money = (value: number): string =>
  value > 0 && value < 0.01 ? smallUsd.format(value) : usd.format(value);

export const count = (value: number): string => compact.format(value);

export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1_000;
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** How long ago something was, in its largest unit: `4m`. */
export function age(iso: string, nowMs: number): string {
  const seconds = Math.max(0, Math.round((nowMs - Date.parse(iso)) / 1_000));
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours}h` : `${Math.floor(hours / 24)}d`;
}

/** What part of the input came from the cache, in percent; undefined without input. */
export function cacheShare(usage: {
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
}): number | undefined {
  const all = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
  return all === 0 ? undefined : Math.round((usage.cacheReadTokens * 100) / all);
}

/** Marks where a cached prefix may end: https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html */
export const CACHE_POINT = { cachePoint: { type: 'default' } } as const;

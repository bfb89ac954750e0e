import { createHash } from 'node:crypto';

/** What every provider takes: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolSpecification.html */
const MAX_LENGTH = 64;
const HASH_LENGTH = 8;

/**
 * What models call a server's tool: `mcp__<server>__<tool>`. Where that is too long, holds what providers refuse, or
 * could be another tool's name, a hash of both names is part of it: it depends on no other tool, and two tools never
 * have one name.
 */
export function outsideToolName(server: string, tool: string): string {
  const plain = `mcp__${server}__${tool}`;
  const isUnambiguous = !server.includes('__') && !server.endsWith('_');
  if (isUnambiguous && plain.length <= MAX_LENGTH && /^[\w-]+$/.test(plain)) return plain;
  const hash = createHash('sha256')
    .update(JSON.stringify([server, tool]))
    .digest('hex')
    .slice(0, HASH_LENGTH);
  const readable = plain.replace(/[^\w-]/g, '_').slice(0, MAX_LENGTH - HASH_LENGTH - 1);
  return `${readable}_${hash}`;
}

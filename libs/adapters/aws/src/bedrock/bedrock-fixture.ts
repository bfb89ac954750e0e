import { Agent } from 'node:http';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { text, toolCallsOf } from '@swe/domain';
import type {
  AssistantContent,
  LanguageModel,
  ModelEvent,
  ModelFinished,
  ModelMessage,
  ModelRequest,
} from '@swe/domain';
import { BedrockLanguageModel } from './bedrock-language-model';
import type { BedrockOptions } from './bedrock-language-model';

/** A client as an app makes it, for a server on this machine. */
export function openClient(endpoint: string): BedrockRuntimeClient {
  return new BedrockRuntimeClient({
    endpoint,
    region: 'us-west-2',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: new OwnErrorsHandler({ httpAgent: new Agent({ keepAlive: true }) }),
  });
}

/** Node's errors are of another realm than a test's, where the SDK takes them for none and loses their codes. */
class OwnErrorsHandler extends NodeHttpHandler {
  override handle(...args: Parameters<NodeHttpHandler['handle']>): ReturnType<NodeHttpHandler['handle']> {
    return super.handle(...args).catch((cause: Error) => {
      throw Object.assign(new Error(cause.message, { cause }), cause);
    });
  }
}

export const MODEL_ID = 'us.anthropic.claude-opus-5-5';

export function openModel(
  client: BedrockRuntimeClient,
  options: Partial<BedrockOptions> = {},
): BedrockLanguageModel {
  return new BedrockLanguageModel(client, {
    id: `bedrock/${MODEL_ID}`,
    modelId: MODEL_ID,
    cachePoints: ['tools', 'system', 'messages'],
    ...options,
  });
}

export const REQUEST: ModelRequest = {
  system: 'You are a test.',
  tools: [{ name: 'look', description: 'Looks.', inputSchema: { type: 'object', properties: {} } }],
  messages: [{ role: 'user', content: [text('Hello.')] }],
  maxOutputTokens: 4_096,
};

export function eventsOf(
  model: LanguageModel,
  change: Partial<ModelRequest> = {},
  signal = new AbortController().signal,
): Promise<ModelEvent[]> {
  return Array.fromAsync(model.stream({ ...REQUEST, ...change }, signal));
}

export async function ask(model: LanguageModel, change: Partial<ModelRequest> = {}): Promise<ModelFinished> {
  const last = (await eventsOf(model, change)).at(-1);
  if (last?.type !== 'finished') throw new Error('the stream ended without finished');
  return last;
}

/** What was said and done, and what the tools gave. */
export function told(content: readonly AssistantContent[]): readonly ModelMessage[] {
  const results = toolCallsOf(content).map(({ callId }) => ({
    type: 'tool-result' as const,
    callId,
    content: [text('seen')],
    isError: false,
  }));
  return [
    { role: 'assistant', content },
    { role: 'user', content: results.length === 0 ? [text('Go on.')] : results },
  ];
}

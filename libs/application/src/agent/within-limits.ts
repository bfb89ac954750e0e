import { HARNESS_NOTE, text } from '@swe/domain';
import type { LanguageModel, ModelFacts, ModelMessage, ModelRequest, UserContent } from '@swe/domain';

type Limits = Pick<ModelFacts, 'contextTokens' | 'maxOutputTokens' | 'seesImages'>;

/** Of the context, for the answer: servers refuse a conversation that leaves less room than was asked for. */
const SHARE_OF_ANSWER = 0.25;

/**
 * A model that is asked for nothing it cannot do: a conversation may hold pictures and outlive the model it began
 * with, and a request that is refused once is refused for ever.
 */
export function withinLimits(model: LanguageModel, limits: Limits): LanguageModel {
  return {
    id: model.id,
    stream: (request, signal) => model.stream(requestWithin(request, limits), signal),
  };
}

function requestWithin(request: ModelRequest, limits: Limits): ModelRequest {
  const share = Math.max(1, Math.floor(limits.contextTokens * SHARE_OF_ANSWER));
  return {
    ...request,
    maxOutputTokens: Math.min(request.maxOutputTokens, limits.maxOutputTokens, share),
    messages: limits.seesImages ? request.messages : request.messages.map(withoutImages),
  };
}

function withoutImages(message: ModelMessage): ModelMessage {
  if (message.role !== 'user') return message;
  const content = message.content.map((part) =>
    part.type === 'tool-result' ? { ...part, content: part.content.map(described) } : described(part),
  );
  return { ...message, content };
}

function described<Part extends { readonly type: string }>(part: Part | UserContent) {
  if (part.type !== 'image') return part;
  return text(
    `${HARNESS_NOTE} A picture was here. You cannot see pictures; others in this conversation could.`,
  );
}

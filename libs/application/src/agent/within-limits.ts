import { HARNESS_NOTE, text } from '@swe/domain';
import type { LanguageModel, ModelFacts, ModelMessage, ModelRequest, UserContent } from '@swe/domain';

type Limits = Pick<ModelFacts, 'maxOutputTokens' | 'seesImages'>;

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

function requestWithin(request: ModelRequest, { maxOutputTokens, seesImages }: Limits): ModelRequest {
  return {
    ...request,
    maxOutputTokens: Math.min(request.maxOutputTokens, maxOutputTokens),
    messages: seesImages ? request.messages : request.messages.map(withoutImages),
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

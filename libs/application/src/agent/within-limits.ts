import { answerTokens, isDocumentMediaType, noteOf, replaceFiles, withNewestFiles } from '@swe/domain';
import type { FileContent, LanguageModel, ModelFacts, ModelRequest } from '@swe/domain';

type Limits = Pick<ModelFacts, 'contextTokens' | 'maxOutputTokens' | 'seesImages' | 'documents'>;

/**
 * A model that is asked for nothing it cannot do: a conversation may hold files, more and more of them, and outlive the
 * model it began with, and a request that is refused once is refused for ever.
 */
export function withinLimits(model: LanguageModel, limits: Limits): LanguageModel {
  return {
    id: model.id,
    stream: (request, signal) => model.stream(requestWithin(request, limits), signal),
  };
}

function requestWithin(request: ModelRequest, limits: Limits): ModelRequest {
  const readable = replaceFiles(request.messages, (file) =>
    isReadable(file, limits)
      ? file
      : noteOf(file, 'you cannot see such files; others in this conversation could'),
  );
  return {
    ...request,
    maxOutputTokens: answerTokens(limits, request.maxOutputTokens),
    messages: withNewestFiles(readable),
  };
}

/** A document that is text is for the adapter, which sends it as such. */
function isReadable(file: FileContent, { seesImages, documents }: Limits): boolean {
  if (file.type === 'image') return seesImages;
  const { mediaType } = file;
  return !isDocumentMediaType(mediaType) || (documents?.mediaTypes.includes(mediaType) ?? false);
}

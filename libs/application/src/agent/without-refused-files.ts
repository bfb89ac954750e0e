import { filesOf, noteOf, replaceFiles } from '@swe/domain';
import type { FileContent, LanguageModel, ModelEvent, ModelRequest } from '@swe/domain';

/**
 * A model that no file keeps from answering: where a request with files is refused as invalid, the call is made again
 * without those that the model has not taken before, and if that is answered they stay out of every later request. A
 * damaged document or one with too many pages would else end its session. Nothing of it is stored: who takes the
 * session over finds out again.
 */
export function withoutRefusedFiles(model: LanguageModel): LanguageModel {
  const taken = new WeakSet<FileContent>();
  const refused = new WeakSet<FileContent>();

  async function* stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent> {
    const files = filesOf(request.messages).filter((file) => !refused.has(file));
    const fresh = files.filter((file) => !taken.has(file));
    const blamed = new Set(fresh.length > 0 ? fresh : files);
    for await (const event of model.stream(
      without((file) => refused.has(file), request),
      signal,
    )) {
      if (isRefusal(event) && blamed.size > 0) {
        const isBlamed = (file: FileContent): boolean => blamed.has(file) || refused.has(file);
        for await (const again of model.stream(without(isBlamed, request), signal)) {
          if (isAnswer(again)) blamed.forEach((file) => refused.add(file));
          yield again;
        }
        return;
      }
      if (isAnswer(event)) fresh.forEach((file) => taken.add(file));
      yield event;
    }
  }

  return { id: model.id, stream };
}

function isRefusal(event: ModelEvent): boolean {
  return event.type === 'finished' && event.failure?.kind === 'invalid';
}

function isAnswer(event: ModelEvent): boolean {
  return event.type === 'finished' && !['error', 'cancelled', 'context-full'].includes(event.stop);
}

function without(isOut: (file: FileContent) => boolean, request: ModelRequest): ModelRequest {
  const messages = replaceFiles(request.messages, (file) =>
    isOut(file) ? noteOf(file, 'the provider of this model refused it') : file,
  );
  return { ...request, messages };
}

import { describe, expect, it } from '@jest/globals';
import { tightestDocumentLimits } from './file-limits';
import type { DocumentLimits } from './file-limits';
import { BUILT_IN_MODELS, findModel } from './model-catalog';

const documentsOf = (id: string): DocumentLimits | undefined => findModel(BUILT_IN_MODELS, id).documents;

describe('the documents that each model of a list reads', () => {
  const bedrock = { documents: documentsOf('bedrock/global.anthropic.claude-opus-5-5') };
  const openAi = { documents: documentsOf('openai/gpt-6-sol') };
  const none = { documents: undefined };

  it.each<[string, { documents: DocumentLimits | undefined }[], DocumentLimits | undefined]>([
    ['of one model', [bedrock], bedrock.documents],
    ['the tightest of each', [bedrock, openAi], { ...bedrock.documents!, mediaTypes: ['application/pdf'] }],
    ['none with one that reads none', [bedrock, none], undefined],
    [
      'none without a kind in common',
      [openAi, { documents: { ...bedrock.documents!, mediaTypes: ['application/msword'] } }],
      undefined,
    ],
    ['none without a model', [], undefined],
  ])('%s', (_name, models, expected) => {
    expect(tightestDocumentLimits(models)).toEqual(expected);
  });
});

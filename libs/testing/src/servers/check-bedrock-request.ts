import { modelErrors, validationException } from './bedrock-refusal';
import { converseStreamRequest } from './bedrock-request';
import type { ContentBlock, ConverseMessage, ConverseStreamRequest } from './bedrock-request';
import { checkBedrockThinking } from './check-bedrock-thinking';
import type { LoopbackRefusal, LoopbackRequest } from './loopback-script';

/** https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html */
const MAX_CACHE_POINTS = 4;
/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Message.html */
const MAX_IMAGES = 20;
const MAX_DOCUMENTS = 5;
/** Over the request, as some models count: https://github.com/boto/boto3/issues/4632 */
const MAX_FILES = 20;
const MAX_DOCUMENT_BYTES = 4.5 * 1024 * 1024;
/** 3.75 MB as base64: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Message.html */
const MAX_IMAGE_BASE64 = 5 * 1024 * 1024;
/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_DocumentBlock.html */
const DOCUMENT_NAME = /^(?!.*\s\s)[a-zA-Z0-9\s()[\]-]+$/;
/**
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages-request-response.html
 */
const MAX_REQUEST_BYTES = 20_000_000;
const MODEL_ID = /^[a-zA-Z0-9.:/_-]{1,2048}$/;
/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
const SIGNATURE =
  /^AWS4-HMAC-SHA256 Credential=\w+\/\d{8}\/[a-z0-9-]+\/bedrock\/aws4_request, SignedHeaders=[a-z0-9;-]+, Signature=[0-9a-f]{64}$/;
const CHARACTERS_PER_TOKEN = 4;

/**
 * What ConverseStream answers to a request that it refuses. Shapes and limits are the API reference's; where it gives
 * no words for a refusal they are those that people met, each cited where it is.
 */
export function checkBedrockRequest(
  { path, headers, body }: LoopbackRequest,
  contextTokens: number,
): LoopbackRefusal | undefined {
  if (!SIGNATURE.test(headers['authorization'] ?? '')) {
    const message = 'Missing Authentication Token';
    return { status: 403, error: { type: 'MissingAuthenticationTokenException', message } };
  }
  if (!MODEL_ID.test(decodeURIComponent(path.split('/')[2] ?? ''))) {
    return validationException('The provided model identifier is invalid.');
  }
  const parsed = converseStreamRequest.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const at = issue?.path.join('.');
    return validationException(
      `Malformed input request: ${at}: ${issue?.message}, please reformat your input and try again.`,
    );
  }
  return (
    checkConversation(parsed.data) ??
    checkBedrockThinking(parsed.data) ??
    checkSize(parsed.data, contextTokens)
  );
}

function checkConversation(request: ConverseStreamRequest): LoopbackRefusal | undefined {
  const { messages, toolConfig, system = [] } = request;
  const all = messages.flatMap(({ content }) => content);
  const points = [...all, ...system, ...(toolConfig?.tools ?? [])].filter((block) => 'cachePoint' in block);
  if (points.length > MAX_CACHE_POINTS) {
    // https://github.com/Bike4Mind/bike4mind/issues/2208
    return modelErrors(
      `A maximum of ${MAX_CACHE_POINTS} blocks with cache_control may be provided. Found ${points.length}.`,
    );
  }
  if (system.some((block) => 'text' in block && isBlank(block.text))) {
    return validationException('The text field in the SystemContentBlock object is blank.');
  }
  const problem =
    problemOfOrder(messages) ?? problemOfBlocks(messages) ?? problemOfDocuments(all) ?? problemOfFiles(all);
  if (problem !== undefined) return validationException(problem);
  if (toolConfig === undefined && all.some((block) => 'toolUse' in block || 'toolResult' in block)) {
    // https://github.com/langgenius/dify/issues/17545
    return validationException(
      'The toolConfig field must be defined when using toolUse and toolResult content blocks.',
    );
  }
  return undefined;
}

/** https://github.com/langgenius/dify/issues/12340, https://github.com/langchain-ai/langchain-aws/issues/192 */
function problemOfOrder(messages: readonly ConverseMessage[]): string | undefined {
  if (messages[0]?.role !== 'user') {
    return 'A conversation must start with a user message. Try again with a conversation that starts with a user message.';
  }
  if (messages.some(({ role }, i) => role === messages[i - 1]?.role)) {
    return 'A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.';
  }
  for (const [i, { content }] of [...messages, { content: [] }].entries()) {
    const problem = problemOfPairs(i, messages[i - 1]?.content ?? [], content);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/**
 * The rule: https://github.com/strands-agents/harness-sdk/pull/120; a missing result:
 * https://github.com/zeroclaw-labs/zeroclaw/pull/1476
 */
function problemOfPairs(
  at: number,
  before: readonly ContentBlock[],
  content: readonly ContentBlock[],
): string | undefined {
  const asked = before.flatMap((block) => ('toolUse' in block ? [block.toolUse.toolUseId] : []));
  const given = content.flatMap((block) => ('toolResult' in block ? [block.toolResult.toolUseId] : []));
  if (new Set(asked).size < asked.length)
    return `The toolUse blocks at messages.${at - 1}.content contain duplicate Ids.`;
  if (given.some((id, i) => !asked.includes(id) || given.indexOf(id) < i)) {
    return `The number of toolResult blocks at messages.${at}.content exceeds the number of toolUse blocks of previous turn.`;
  }
  const missing = asked.filter((id) => !given.includes(id));
  return missing.length === 0
    ? undefined
    : `Expected toolResult blocks at messages.${at}.content for the following Ids: ${missing.join(', ')}`;
}

function problemOfBlocks(messages: readonly ConverseMessage[]): string | undefined {
  for (const [i, { role, content }] of messages.entries()) {
    if (content.every((block) => 'cachePoint' in block)) {
      // https://github.com/earendil-works/pi/pull/3443
      return `The content field in the Message object at messages.${i} is empty. Add a ContentBlock object to the content field and try again.`;
    }
    for (const [j, block] of content.entries()) {
      const problem = problemOfBlock(block, role, `messages.${i}.content.${j}`);
      if (problem !== undefined) return problem;
    }
    const files = content.flatMap(filesOf);
    if (files.filter((file) => 'image' in file).length > MAX_IMAGES) {
      // https://github.com/boto/boto3/issues/4632
      return `The model returned the following errors: messages: too many images: image_count > ${MAX_IMAGES}.`;
    }
    if (content.some((block) => 'document' in block) && !content.some((block) => 'text' in block)) {
      return `A text block must be included with a document block at messages.${i}.`;
    }
  }
  return undefined;
}

function problemOfBlock(block: ContentBlock, role: string, at: string): string | undefined {
  const isForUsers = 'image' in block || 'document' in block || 'toolResult' in block;
  if (isForUsers !== (role === 'user') && (isForUsers || 'toolUse' in block || 'reasoningContent' in block)) {
    return `The ${role} role can't have the content block at ${at}.`;
  }
  if ('text' in block && isBlank(block.text)) {
    // https://github.com/OpenHands/OpenHands/issues/5339
    return `The text field in the ContentBlock object at ${at} is blank. Add text to the text field, and try again.`;
  }
  if ('toolUse' in block && !isObject(block.toolUse.input)) {
    // What it says of a result: https://github.com/sigoden/aichat/pull/1550
    return `The format of the value at ${at}.toolUse.input is invalid. Provide a json object for the field and try again.`;
  }
  if ('toolResult' in block) {
    const { status, content } = block.toolResult;
    if (content.some((part) => 'text' in part && isBlank(part.text))) {
      return `The text field in the ToolResultContentBlock object at ${at}.toolResult is blank.`;
    }
    if (status === 'error' && content.length === 0) {
      // https://github.com/aws-samples/sample-multi-agent-orchestration-chat-on-agentcore/issues/15
      return `The content field at ${at}.toolResult cannot be empty when status value is error.`;
    }
  }
  return filesOf(block).flatMap((file) => problemOfImage(file) ?? [])[0];
}

function problemOfImage(file: ReturnType<typeof filesOf>[number]): string | undefined {
  if (!('image' in file)) return undefined;
  const { length } = file.image.source.bytes;
  return length > MAX_IMAGE_BASE64
    ? `The model returned the following errors: image exceeds 5 MB maximum: ${length} bytes > ${MAX_IMAGE_BASE64} bytes`
    : undefined;
}

function problemOfDocuments(all: readonly ContentBlock[]): string | undefined {
  const documents = all.flatMap(filesOf).flatMap((file) => ('document' in file ? [file.document] : []));
  const names = documents.map((document) => document.name);
  const bad = names.find((name) => !DOCUMENT_NAME.test(name));
  if (bad !== undefined) {
    // https://github.com/simonw/llm-bedrock/issues/8
    return "The document file name can only contain alphanumeric characters, whitespace characters, hyphens, parentheses, and square brackets. The name can't contain more than one consecutive whitespace character. Check that the file name conforms to these restrictions and retry your request.";
  }
  if (new Set(names.map((name) => name.toLowerCase())).size < names.length) {
    // https://github.com/maximhq/bifrost/issues/7003
    return "Messages can't contain duplicate document names. Rename the document and retry your request.";
  }
  if (documents.length > MAX_DOCUMENTS) {
    // https://github.com/aws-samples/generative-ai-use-cases/issues/1685
    return `You can't include more than ${MAX_DOCUMENTS} documents in a request.`;
  }
  const isTooLarge = documents.some(({ source }) => (source.bytes.length * 3) / 4 > MAX_DOCUMENT_BYTES);
  return isTooLarge ? 'The maximum document size is 4.5 MB.' : undefined;
}

function problemOfFiles(all: readonly ContentBlock[]): string | undefined {
  const files = all.flatMap(filesOf);
  const images = files.filter((file) => 'image' in file).length;
  return files.length > MAX_FILES
    ? `The model returned the following errors: messages: too many images and documents: ${images} + ${files.length - images} > ${MAX_FILES}`
    : undefined;
}

function checkSize(request: ConverseStreamRequest, contextTokens: number): LoopbackRefusal | undefined {
  if (JSON.stringify(request).length > MAX_REQUEST_BYTES) {
    // https://github.com/aws-solutions-library-samples/accelerated-intelligent-document-processing-on-aws/issues/994
    return validationException('Input is too long for requested model.');
  }
  const words = JSON.stringify(request, (key, value: unknown) => (key === 'bytes' ? '' : value));
  const tokens = Math.ceil(words.length / CHARACTERS_PER_TOKEN);
  // https://github.com/daisuke-awaji/moca/issues/254
  return tokens > contextTokens
    ? modelErrors(`prompt is too long: ${tokens} tokens > ${contextTokens} maximum`)
    : undefined;
}

function filesOf(block: ContentBlock) {
  const inner = 'toolResult' in block ? block.toolResult.content : [block];
  return inner.filter((part) => 'image' in part || 'document' in part);
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

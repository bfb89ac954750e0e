import type { LoopbackRefusal } from './loopback-script';

/**
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html#API_runtime_ConverseStream_Errors
 */
export function validationException(message: string): LoopbackRefusal {
  return { status: 400, error: { type: 'ValidationException', message } };
}

/** What the model behind Bedrock says, in Bedrock's words around it: https://github.com/daisuke-awaji/moca/issues/254 */
export function modelErrors(message: string): LoopbackRefusal {
  return validationException(`The model returned the following errors: ${message}`);
}

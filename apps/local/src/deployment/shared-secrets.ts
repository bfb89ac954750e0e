import { Fault } from '@swe/domain';

/*
 * Secrets by which both sides sign, so that each has to have the same characters. One that was stored from a file has
 * the end of its line with it, which nobody has at the other side; what is signed by the ingress's own would not tell.
 */

/** Throws what a stored signing secret of Slack's has that none has. */
export function checkSigningSecret(secret: string): void {
  mustBeWithoutEnds(secret);
  if (/^\w{20,}$/.test(secret)) return;
  throw new Fault('invalid', 'a signing secret has some 32 letters and digits: it is not a token');
}

/** Throws why a stored webhook secret is none to go by. */
export function checkWebhookSecret(secret: string): void {
  mustBeWithoutEnds(secret);
  if (secret.length >= 16) return;
  throw new Fault('invalid', 'it could be guessed: it has fewer than 16 characters');
}

function mustBeWithoutEnds(secret: string): void {
  if (secret.trim() === secret) return;
  throw new Fault('invalid', 'it is stored with white space around it, such as the end of a file’s line');
}

const CONNECT_MS = 5_000;

/** How long a service may take for what is asked of it, apart from large bodies. */
const REQUEST_MS = 30_000;

/** Without a byte in either direction. */
const SILENCE_MS = 60_000;

/**
 * How the clients of AWS's services are made: with credentials and `AWS_ENDPOINT_URL_<SERVICE>` from where the SDK looks
 * for them, and no request without an end, which is what the SDK makes by itself.
 */
export function clientSettings(region: string, requestMs = REQUEST_MS) {
  return {
    region,
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: requestMs,
      throwOnRequestTimeout: true,
      socketTimeout: SILENCE_MS,
    },
  };
}

/** How the AWS SDK's errors become `ProviderError`s. */
import { isTransientStatus, ProviderError } from './error';
import { badAnswer } from './http';
import { networkError, retryAfterSeconds } from './http-errors';

const PROVIDER = 'bedrock';

type Reason = readonly [code: string, transient: boolean, hint?: string];

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html#API_runtime_Converse_Errors */
const REASONS: Readonly<Record<string, Reason>> = {
  ThrottlingException: ['RATE_LIMITED', true],
  ServiceQuotaExceededException: ['RATE_LIMITED', true, 'Ask AWS for a higher quota.'],
  ModelNotReadyException: ['MODEL_NOT_READY', true],
  ModelTimeoutException: ['TIMEOUT', true],
  ServiceUnavailableException: ['UNAVAILABLE', true],
  InternalServerException: ['UNAVAILABLE', true],
  ModelErrorException: ['MODEL_FAILED', true],
  ModelStreamErrorException: ['MODEL_FAILED', true],
  TimeoutError: ['TIMEOUT', true],
  ValidationException: ['BAD_REQUEST', false],
  ResourceNotFoundException: ['NOT_FOUND', false, 'Check BEDROCK_REGION and the model’s id.'],
  AccessDeniedException: ['FORBIDDEN', false, 'Ask for access to the model in the console of Bedrock.'],
  UnrecognizedClientException: ['UNAUTHORIZED', false, 'Check the AWS credentials.'],
  InvalidSignatureException: ['UNAUTHORIZED', false, 'Check the AWS secret key and this machine’s clock.'],
  ExpiredTokenException: ['UNAUTHORIZED', false, 'Renew the AWS session.'],
  CredentialsProviderError: [
    'UNAUTHORIZED',
    false,
    'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile.',
  ],
};

/** What the SDK hangs on its errors, as far as the vendor answered. */
interface SdkError extends Error {
  /** Of the operating system, for example `ECONNRESET`. */
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

export function bedrockError(thrown: unknown): ProviderError {
  if (thrown instanceof ProviderError) return thrown;
  const error = thrown as SdkError;
  const status = error.$metadata?.httpStatusCode;
  const [code, transient, hint] = REASONS[error.name] ?? reasonOf(status);
  if (code === 'NETWORK') return networkError(PROVIDER, error);
  const header = error.$response?.headers?.['retry-after'] ?? null;
  const retryAfterS = retryAfterSeconds(header, Date.now());
  const facts = { provider: PROVIDER, code, transient, status, retryAfterS, hint };
  return new ProviderError(`${PROVIDER}: ${error.name}: ${error.message.slice(0, 200)}`, facts);
}

/**
 * In the midst of a stream failures are events, without a status. Those that the service's model does not know have
 * a name of their own; what the decoder says of bytes that are no event has none.
 */
export function bedrockStreamError(thrown: unknown): ProviderError {
  const error = thrown as SdkError;
  if (error.code !== undefined) return networkError(PROVIDER, { cause: error });
  if (error.name in REASONS) return bedrockError(error);
  if (error.name === 'Error') return badAnswer(PROVIDER, 'the answer is not a stream of events');
  const facts = { provider: PROVIDER, code: 'MODEL_FAILED', transient: true };
  return new ProviderError(`${PROVIDER}: ${error.name}: ${error.message.slice(0, 200)}`, facts);
}

/** A 2xx that the SDK could not read comes from something in between. */
function reasonOf(status: number | undefined): Reason {
  if (status === undefined) return ['NETWORK', true];
  if (status < 300) return ['BAD_ANSWER', true];
  return isTransientStatus(status) ? ['UNAVAILABLE', true] : ['UNEXPECTED_STATUS', false];
}

/** The log of a process: JSON lines, in which no secret and nothing that users hand in may stand. */
import pino, { type DestinationStream, type Logger } from 'pino';

/** Vendors and validators put what they were given into their messages; the beginning says what happened. */
const MESSAGE_LENGTH = 300;
const DEEPEST_CAUSE = 3;

/** What opens doors, wherever it stands in a line, one level down or two. */
const SECRETS = [
  ...['password', 'current_password', 'new_password', 'password_hash', 'token', 'access_token'],
  ...['refresh_token', 'secret', 'authorization', 'api_key', 'cookie'],
];

/** Our own fields of an error, never all of them: libraries hang requests, rows and parameters on theirs. */
export function plainError(error: unknown, depth = 0): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, message, stack, cause } = error;
  const { code } = error as { code?: unknown };
  // The stack repeats the message, of which only the beginning is wanted.
  const frames = stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return {
    ...{ type: name, message: message.slice(0, MESSAGE_LENGTH), stack: frames?.join('\n') },
    ...(['string', 'number'].includes(typeof code) && { code }),
    ...(cause !== undefined && depth < DEEPEST_CAUSE && { cause: plainError(cause, depth + 1) }),
  };
}

export function createLog(level: string, destination?: DestinationStream): Logger {
  const serializer = (error: unknown) => plainError(error);
  const options = {
    level,
    // `error` is what Temporal calls it.
    serializers: { err: serializer, error: serializer },
    redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[secret]' },
  };
  return destination ? pino(options, destination) : pino(options);
}

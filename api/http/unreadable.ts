/** What Node's parser refuses never reaches the app; it is answered in the envelope all the same. */
import { randomUUID } from 'node:crypto';
import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

type Explanation = readonly [status: number, code: string, message: string, hint: string];

const MALFORMED: Explanation = [400, 'BAD_REQUEST', 'This is no HTTP request', 'Send HTTP/1.1'];

/** By the `code` of Node's errors (https://nodejs.org/api/http.html#event-clienterror). */
const KNOWN: Readonly<Record<string, Explanation>> = {
  HPE_HEADER_OVERFLOW: [431, 'HEADERS_TOO_LARGE', 'The headers are too large', 'Send at most 16 KB of them'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'TOO_LARGE', 'The chunk extensions are too large', 'Send none'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'TOO_SLOW', 'The request did not come in time', 'Send it again, faster'],
};

function answerOf([status, code, message, hint]: Explanation): string {
  const request_id = randomUUID();
  const meta = { timestamp: new Date().toISOString(), request_id };
  const body = JSON.stringify({ success: false, error: { code, message, details: { hint } }, meta });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...['Content-Type: application/json; charset=utf-8', `Content-Length: ${Buffer.byteLength(body)}`],
    ...['Cache-Control: no-store', 'X-Content-Type-Options: nosniff'],
    ...[`X-Request-Id: ${request_id}`, 'Connection: close'],
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

export function answerUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  // As Node itself does: what is written now would stand in the middle of the answer under way.
  const { _httpMessage: answering } = socket as Duplex & { _httpMessage?: ServerResponse | null };
  if (error.code === 'ECONNRESET' || !socket.writable || answering?.headersSent) return void socket.destroy();
  socket.end(answerOf(KNOWN[error.code ?? ''] ?? MALFORMED));
}

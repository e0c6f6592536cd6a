import { createTransport } from 'nodemailer';
import type { Deliver } from './mail';

const CONNECT_MS = 10_000;
const WHOLE_MS = 30_000;

/** Through an SMTP server; `url` as in `smtps://user:password@host:465`. */
export function smtp({ url, from }: { readonly url: string; readonly from: string }): Deliver {
  const transport = createTransport({ url, connectionTimeout: CONNECT_MS, socketTimeout: WHOLE_MS });
  return async ({ recipient, subject, text }) => {
    await transport.sendMail({ from, to: recipient, subject, text });
  };
}

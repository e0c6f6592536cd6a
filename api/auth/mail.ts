/** Mails to users: each is kept in the outbox, and delivered where there is a server for it. */
import { randomUUID } from 'node:crypto';
import type { Db } from '../../prisma/client';

export interface Mail {
  readonly recipient: string;
  readonly subject: string;
  readonly text: string;
}

/** Resolves when a server has taken it. */
export type Deliver = (mail: Mail) => Promise<void>;

export interface Mailer {
  /** Returns once it is in the outbox: nobody waits for a mail server, and nobody's answer tells how long it took. */
  send(mail: Mail): Promise<void>;
  /** What is under way has ended. */
  idle(): Promise<void>;
}

interface Deps {
  readonly db: Db;
  /** Absent where no server is configured. */
  readonly deliver?: Deliver;
  /** Where there is no server, the operator reads the mail in the log. */
  readonly show: (mail: Mail) => void;
  readonly onError: (error: unknown) => void;
}

export function createMailer({ db, deliver, show, onError }: Deps): Mailer {
  const underWay = new Set<Promise<void>>();

  /** What was sent is not kept: a link in it would still be good. */
  async function tryToDeliver(id: string, mail: Mail, send: Deliver): Promise<void> {
    try {
      await send(mail);
      await db.outbox.update({ where: { id }, data: { sent_at: new Date(), text: '' } });
    } catch (error) {
      onError(error);
      const reason = error instanceof Error ? error.message : String(error);
      await db.outbox.update({ where: { id }, data: { error: reason.slice(0, 500) } }).catch(onError);
    }
  }

  return {
    async send(mail) {
      const id = randomUUID();
      await db.outbox.create({ data: { id, ...mail } });
      if (!deliver) return show(mail);
      const sending = tryToDeliver(id, mail, deliver);
      underWay.add(sending);
      void sending.finally(() => underWay.delete(sending));
    },
    idle: async () => void (await Promise.all(underWay)),
  };
}

/** Mails through a server that speaks SMTP (RFC 5321), and what is kept of them. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { createInterface } from 'node:readline';
import { createWorld, type World } from '../../testing/world';
import { createMailer } from './mail';
import { smtp } from './smtp';

let world: World;
let server: Server;
let received: string[];
let refuses: boolean;

beforeAll(async () => {
  world = await createWorld();
  server = createServer((socket) => {
    let inData = false;
    const say = (line: string) => socket.write(`${line}\r\n`);
    say('220 mail.example.org');
    createInterface({ input: socket }).on('line', (line) => {
      if (inData) {
        received.push(line);
        inData = line !== '.';
        if (!inData) say('250 kept');
      } else if (line === 'DATA') {
        inData = true;
        say('354 go on');
      } else if (line.startsWith('RCPT') && refuses) say('550 no such user');
      else say('250 ok');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
beforeEach(() => {
  [received, refuses] = [[], false];
});
afterAll(async () => {
  server.close();
  await world.close();
});

const MAIL = { recipient: 'ada@example.org', subject: 'Confirm', text: 'a-secret-token' };

function mailer(deliver = smtp({ url: urlOf(server), from: 'Little Monster <noreply@example.org>' })) {
  const problems: unknown[] = [];
  const shown: unknown[] = [];
  const { db } = world;
  const made = createMailer({
    ...{ db, deliver, show: (mail) => shown.push(mail), onError: (error) => problems.push(error) },
  });
  return { ...made, problems, shown };
}

const urlOf = (at: Server): string => `smtp://127.0.0.1:${(at.address() as AddressInfo).port}`;
const lastRow = () => world.db.outbox.findFirstOrThrow({ orderBy: { created_at: 'desc' } });

it('delivers, and keeps no text of what was sent', async () => {
  const { send, idle, problems } = mailer();
  await send(MAIL);
  await idle();
  expect(problems).toEqual([]);
  expect(received).toEqual(expect.arrayContaining(['To: ada@example.org', 'Subject: Confirm', MAIL.text]));
  expect(await lastRow()).toMatchObject({ text: '', sent_at: expect.any(Date), error: null });
});

it('keeps what a server refuses, with its words', async () => {
  refuses = true;
  const { send, idle, problems } = mailer();
  await send(MAIL);
  await idle();
  expect(problems).toHaveLength(1);
  const row = await lastRow();
  expect(row).toMatchObject({ text: MAIL.text, sent_at: null });
  expect(row.error).toContain('550 no such user');
});

it('is not held up by a server that is away', async () => {
  const { send, idle, problems } = mailer(smtp({ url: 'smtp://127.0.0.1:1', from: 'x@example.org' }));
  await send(MAIL);
  await idle();
  expect(problems).toHaveLength(1);
});

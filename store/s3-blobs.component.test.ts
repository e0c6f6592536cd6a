/** What only the bucket has: parts, links, copies, and a server that fails. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { describeWithS3, startS3, type S3Server, type TestBucket } from '../testing/s3-server';
import { createS3Way, type S3Way } from '../testing/s3-way';
import { isBlobsAway, type Blobs } from './blobs';
import { incomingIn } from './incoming';
import { s3Blobs, type S3Settings } from './s3-blobs';

const PREFIX = 'lm/';
/** Three parts and a bit. */
const LARGE = randomBytes(25 * 1024 * 1024);
const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

/** Comparing megabytes by `toEqual` takes seconds. */
const same = (a: Buffer, b: Buffer): boolean => a.equals(b);

describeWithS3()('blobs in a bucket', () => {
  let server: S3Server;
  let bucket: TestBucket;
  let way: S3Way;
  let folder: string;
  let blobs: Blobs;

  const open = (over: Partial<S3Settings> = {}): Blobs =>
    s3Blobs({ ...bucket, endpoint: way.url, prefix: PREFIX, folder, ...over });

  const count = (call: S3Way['calls'][number]): number => way.calls.filter((one) => one === call).length;

  /** Neither an object nor parts of one, nor a file on its way. */
  const left = async (): Promise<string[]> => [
    ...(await bucket.keys()),
    ...(await bucket.unfinished()),
    ...(await readdir(incomingIn(folder))),
  ];

  beforeAll(async () => void (server = await startS3()), 30_000);
  afterAll(() => server.stop());
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'lm-s3-'));
    bucket = await server.createBucket();
    way = await createS3Way(server.url);
    blobs = open();
  });
  afterEach(async () => {
    way.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('are objects under the prefix, and are sent once', async () => {
    const { sha256: name } = await blobs.put('a lecture');
    expect(await bucket.keys()).toEqual([`${PREFIX}${name}`]);
    await blobs.put('a lecture');
    expect(count('put')).toBe(1);
  });

  test('are sent again where the object is not as long', async () => {
    const name = sha256(Buffer.from('a lecture'));
    const Key = `${PREFIX}${name}`;
    await bucket.client.send(new PutObjectCommand({ Bucket: bucket.bucket, Key, Body: 'a lec' }));
    await blobs.put('a lecture');
    expect(String(await blobs.read(name))).toBe('a lecture');
  });

  test('go in parts where they are large, and come back whole', async () => {
    const stored = await blobs.put(LARGE);
    expect(stored).toEqual({ sha256: sha256(LARGE), bytes: LARGE.length });
    expect([count('begin'), count('part'), count('complete'), count('put')]).toEqual([1, 4, 1, 0]);
    expect(await blobs.size(stored.sha256)).toBe(LARGE.length);
    expect(same(await blobs.read(stored.sha256), LARGE)).toBe(true);
    const across = { start: 8 * 1024 * 1024 - 10, end: 8 * 1024 * 1024 + 9 };
    const chunks = await blobs.stream(stored.sha256, across).toArray();
    expect(same(Buffer.concat(chunks), LARGE.subarray(across.start, across.end + 1))).toBe(true);
  });

  test('are checked by S3 on their way', async () => {
    const ask = { Bucket: bucket.bucket, ChecksumMode: 'ENABLED' } as const;
    for (const data of [Buffer.from('small'), LARGE]) {
      const { sha256: name } = await blobs.put(data);
      const command = new HeadObjectCommand({ ...ask, Key: `${PREFIX}${name}` });
      const { ChecksumSHA256, ChecksumCRC32 } = await bucket.client.send(command);
      if (data === LARGE) expect(ChecksumCRC32).toMatch(/^.{8}/);
      else expect(Buffer.from(ChecksumSHA256!, 'base64').toString('hex')).toBe(name);
    }
  });

  test('of two writers at once are whole', async () => {
    const [one, other] = await Promise.all([blobs.put(LARGE), open().put(LARGE)]);
    expect(one).toEqual(other);
    expect(same(await blobs.read(one.sha256), LARGE)).toBe(true);
    expect(await left()).toEqual([`${PREFIX}${one.sha256}`]);
  });

  test.each(['begin', 'part', 'complete', 'put', 'head'] as const)(
    'leave nothing when the caller gives up during "%s", and end with the caller’s reason',
    async (waiting) => {
      const reason = new Error('the user went away');
      const giveUp = new AbortController();
      way.disturb((call) => {
        if (call !== waiting) return undefined;
        setTimeout(() => giveUp.abort(reason), 50);
        return 'silent';
      });
      const data = waiting === 'put' ? 'small' : LARGE;
      await expect(blobs.put(data, giveUp.signal)).rejects.toBe(reason);
      expect(await left()).toEqual([]);
    },
  );

  test.each(['part', 'complete', 'put'] as const)(
    'leave nothing when "%s" fails for good, after three tries',
    async (failing) => {
      way.disturb((call) => (call === failing ? 503 : undefined));
      const error: unknown = await blobs.put(failing === 'put' ? 'small' : LARGE).catch((e: unknown) => e);
      expect([isBlobsAway(error), String(error)]).toEqual([
        true,
        expect.stringMatching(/^BlobsAwayError: S3: .*503/),
      ]);
      expect(count(failing)).toBe(failing === 'part' ? 12 : 3);
      expect(await left()).toEqual([]);
    },
  );

  test('are stored although a part is refused at first', async () => {
    way.disturb((call) => (call === 'part' && count('part') === 2 ? 503 : undefined));
    const { sha256: name } = await blobs.put(LARGE);
    expect(same(await blobs.read(name), LARGE)).toBe(true);
    expect(count('part')).toBe(5);
  });

  test.each([
    ['read', (name: string) => blobs.read(name)],
    ['file', (name: string) => blobs.file(name)],
    ['stream', (name: string) => blobs.stream(name).toArray()],
  ])('%s: bytes that are cut off or are others are an error, and no copy', async (_how, get) => {
    const { sha256: name } = await blobs.put(randomBytes(300_000));
    await rm(path.join(folder, 'copies', name));
    for (const fault of ['half', 'garbled'] as const) {
      way.disturb((call) => (call === 'get' ? fault : undefined));
      const error: unknown = await get(name).then(
        () => undefined,
        (e: unknown) => e,
      );
      expect([fault, isBlobsAway(error)]).toEqual([fault, true]);
    }
    expect([...(await readdir(path.join(folder, 'copies'))), ...(await readdir(incomingIn(folder)))]).toEqual(
      [],
    );
  });

  test('a server that is silent, refuses or is gone is not "not there"', async () => {
    const { sha256: name } = await blobs.put('x');
    await rm(path.join(folder, 'copies'), { recursive: true });
    const quick = open({ timeouts: { connectMs: 500, idleMs: 200 } });
    const ways: [string, (store: Blobs) => Promise<unknown>][] = [
      ['size', (store) => store.size(name)],
      ['read', (store) => store.read(name)],
      ['file', (store) => store.file(name)],
      ['put', (store) => store.put('y')],
      ['remove', (store) => store.remove(name)],
      ['probe', (store) => store.probe!()],
    ];
    const outcomes = async (store: Blobs, cause: string) => {
      const errors = await Promise.all(ways.map(([, ask]) => ask(store).catch((error: unknown) => error)));
      expect([cause, ...errors.map(isBlobsAway)]).toEqual([cause, ...ways.map(() => true)]);
    };
    way.disturb(() => 'silent');
    await outcomes(quick, 'silent');
    way.disturb(() => 403);
    await outcomes(blobs, 'refused');
    way.disturb(() => undefined);
    await outcomes(open({ bucket: 'nobody-made-it' }), 'no bucket');
    way.close();
    await outcomes(blobs, 'gone');
    expect(await readdir(incomingIn(folder))).toEqual([]);
  }, 30_000);

  test('a question that is given up ends with the caller’s reason', async () => {
    const giveUp = new AbortController();
    const reason = new Error('health waits no longer');
    way.disturb(() => {
      setTimeout(() => giveUp.abort(reason), 50);
      return 'silent';
    });
    await expect(blobs.probe!(giveUp.signal)).rejects.toBe(reason);
  });

  test('an error names neither keys nor what S3 says at length', async () => {
    way.disturb(() => 403);
    const error = await blobs.read(sha256(LARGE)).catch((e: unknown) => e as Error);
    expect(JSON.stringify({ ...(error as Error), text: String(error) })).not.toMatch(/AWS|tests|Signature/i);
    expect((error as Error).cause).toBeUndefined();
  });

  test('a file is a local copy: fetched once for many, and again when it is gone', async () => {
    const { sha256: name } = await blobs.put(LARGE);
    expect(same(await readFile(await blobs.file(name)), LARGE)).toBe(true);
    expect(count('get')).toBe(0);
    const elsewhere = await mkdtemp(path.join(os.tmpdir(), 'lm-s3-'));
    const other = open({ folder: elsewhere });
    const files = await Promise.all(Array.from({ length: 5 }, () => other.file(name)));
    expect([new Set(files).size, count('get')]).toEqual([1, 1]);
    expect(same(await readFile(files[0]!), LARGE)).toBe(true);
    await rm(files[0]!);
    expect(same(await readFile(await other.file(name)), LARGE)).toBe(true);
    expect(count('get')).toBe(2);
    await rm(elsewhere, { recursive: true });
  });

  test('whoever gives up waits no longer for a file, and the others get it', async () => {
    const { sha256: name } = await blobs.put(LARGE);
    await rm(path.join(folder, 'copies', name));
    let isSilent = true;
    way.disturb((call) => (call === 'get' && isSilent ? 'silent' : undefined));
    const quick = open({ timeouts: { connectMs: 500, idleMs: 2_000 } });
    const giveUp = new AbortController();
    const reason = new Error('the job was cancelled');
    const first = expect(quick.file(name, giveUp.signal)).rejects.toBe(reason);
    const second = quick.file(name);
    while (count('get') === 0) await sleep(5);
    giveUp.abort(reason);
    await first;
    isSilent = false;
    expect(same(await readFile(await second), LARGE)).toBe(true);
    const asked = count('get');
    await expect(quick.file(sha256(Buffer.from('other')), giveUp.signal)).rejects.toBe(reason);
    await expect(quick.probe!(giveUp.signal)).rejects.toBe(reason);
    expect(count('get')).toBe(asked);
  });

  test('a reader may pause for longer than a server may be silent', async () => {
    const { sha256: name } = await blobs.put(LARGE);
    await rm(path.join(folder, 'copies'), { recursive: true });
    const stream = open({ timeouts: { connectMs: 500, idleMs: 200 } }).stream(name);
    const chunks: Buffer[] = [];
    for await (const chunk of stream) {
      if (chunks.length === 1) await sleep(900);
      chunks.push(chunk as Buffer);
    }
    expect(same(Buffer.concat(chunks), LARGE)).toBe(true);
  });

  test('a link opens the file as an attachment, and only for a while', async () => {
    const { sha256: name } = await blobs.put('WEBVTT');
    const disposition = `attachment; filename="a.vtt"; filename*=UTF-8''%C3%A4.vtt`;
    const link = await blobs.link!(name, {
      media_type: 'text/vtt; charset=utf-8',
      disposition,
      expires_s: 900,
    });
    const answer = await fetch(link);
    expect([answer.status, await answer.text()]).toEqual([200, 'WEBVTT']);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/vtt; charset=utf-8',
      'content-disposition': disposition,
    });
    const signed = new URL(link).searchParams;
    expect(signed.get('X-Amz-Expires')).toBe('900');
    // All that the reader must send is the address, and what makes it an attachment is signed with it.
    expect(signed.get('X-Amz-SignedHeaders')).toBe('host');
    expect(signed.get('response-content-disposition')).toBe(disposition);
    expect([...signed.keys()].filter((key) => !/^(X-Amz-|response-content-|x-id$)/.test(key))).toEqual([]);
  });

  test('what programs left in the folder is no copy of anything', async () => {
    await blobs.put('x');
    await writeFile(path.join(folder, 'copies', 'strange'), 'y');
    await expect(blobs.file(sha256(Buffer.from('strange')))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

/** A recording is transcribed with its bytes in a bucket, by the real processes, and nothing of it stays on the disk. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { recording } from '../testing/fault-cells';
import { describeWithS3, startS3, S3_KEYS, type S3Server, type TestBucket } from '../testing/s3-server';
import { ended, startTestStack, type TestJob, type TestStack } from '../testing/stack';

describeWithS3()('with a bucket', () => {
  let server: S3Server;
  let bucket: TestBucket;
  let stack: TestStack;
  let job: TestJob;

  beforeAll(async () => {
    server = await startS3();
    bucket = await server.createBucket();
    const s3 = { S3_BUCKET: bucket.bucket, S3_ENDPOINT: server.url, S3_PREFIX: 'lm/', ...S3_KEYS };
    stack = await startTestStack({ WHISPER_MODEL: 'tiny.en', ...s3 });
    const source_id = await stack.api.upload(recording(), 'two_cities.flac');
    job = await stack.api.until(await stack.api.start('transcribe', { source_id }), ended);
  }, 180_000);
  afterAll(async () => {
    await stack?.stop();
    await server?.stop();
  }, 60_000);

  it('completes, and each artifact can be had through us and by its link', async () => {
    expect(job).toMatchObject({ status: 'completed', error: null, warnings: [] });
    expect(job.artifacts).toHaveLength(4);
    for (const { href, bytes } of job.artifacts) {
      const downloaded = await stack.api.download(href);
      expect(downloaded).toHaveLength(bytes);
      const { data } = await stack.api.call<{ url: string }>('GET', `${href}/link`);
      expect(data.url).toContain(`${server.url}/${bucket.bucket}/lm/`);
      const linked = await fetch(data.url);
      expect([linked.status, Buffer.from(await linked.arrayBuffer())]).toEqual([200, downloaded]);
    }
  });

  it('has kept everything in the bucket, and nothing in the folder for blobs', async () => {
    const names = await bucket.keys();
    // The recording, its sound, four artifacts, and the steps' results.
    expect(names.length).toBeGreaterThanOrEqual(6);
    for (const name of names) expect(name).toMatch(/^lm\/[0-9a-f]{64}$/);
    expect(await bucket.unfinished()).toEqual([]);
    expect(await readdir(stack.data_dir)).not.toContain('blobs');
    expect(await readdir(path.join(stack.data_dir, 'blob-cache', 'incoming'))).toEqual([]);
  });

  it('is seen by health', async () => {
    const { data } = await stack.api.call<{ dependencies: object }>('GET', '/api/health');
    expect(data.dependencies).toMatchObject({ s3: { status: 'up' } });
  });

  it('erases the bytes with the job', async () => {
    const { href } = job.artifacts.find(({ kind }) => kind === 'captions_vtt')!;
    const { data } = await stack.api.call<{ url: string }>('GET', `${href}/link`);
    const name = new URL(data.url).pathname.replace(`/${bucket.bucket}/`, '');
    expect(await bucket.keys()).toContain(name);
    expect((await stack.api.call('DELETE', `/api/jobs/${job.job_id}`)).status).toBe(204);
    expect(await bucket.keys()).not.toContain(name);
  });
});

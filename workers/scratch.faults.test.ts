import { startVendors } from '../testing/chaos-vendors';
import { startChaosStack, secondsOf } from '../testing/chaos-stack';
it('x', async () => {
  const vendors = await startVendors();
  const t0 = Date.now();
  const stack = await startChaosStack({
    STT_PROVIDERS: 'openai,moonshine',
    TTS_PROVIDERS: 'openai,espeak',
    LLM_PROVIDERS: 'bedrock,extractive',
    IMAGE_PROVIDERS: 'pexels,drawn',
    OPENAI_BASE_URL: vendors.openai.url,
    OPENAI_TRANSCRIPTION_MODEL: 'whisper-1',
    OPENAI_SPEECH_MODEL: 'tts-1',
    BEDROCK_REGION: 'us-east-1',
    BEDROCK_ENDPOINT: vendors.bedrock.url,
    BEDROCK_CHAT_MODEL: 'claude',
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
    PEXELS_API_KEY: 'a-key-of-pexels',
    PEXELS_BASE_URL: vendors.pexels.url,
    RETRY_BASE_S: '0.2',
    BREAKER_COOLDOWN_S: '3',
    PROVIDER_TIMEOUT_S: '2',
  });
  const log = (...a: unknown[]) => process.stderr.write(JSON.stringify(a) + '\n');
  log('up', Date.now() - t0);
  for (const s of ['recording', 'text', 'recording', 'text'] as const) {
    const job = await stack.run('lesson', { source_id: stack.sources[s] });
    log(
      s,
      job.status,
      secondsOf(job),
      job.warnings,
      job.error,
      job.steps.map((x) => [x.name, x.provider, secondsOf(x)]),
      job.result?.['slides'],
      job.result?.['voiceover'],
      job.cost.uses.map((u) => [u.provider, u.capability, u.calls, u.failed]),
      job.artifacts.map((a) => [a.kind, a.provenance?.disclosure]),
    );
  }
  log(vendors.bedrock.calls(), vendors.openai.calls(), vendors.pexels.calls());
  await vendors.bedrock.fail('/model/claude/converse', '500');
  for (const s of ['text', 'text'] as const) {
    const t1 = Date.now();
    const job = await stack.run('lesson', { source_id: stack.sources[s] });
    log(
      s,
      job.status,
      secondsOf(job),
      Date.now() - t1,
      job.warnings,
      job.steps.map((x) => [x.name, x.provider, secondsOf(x)]),
      job.result?.['slides'],
      job.result?.['voiceover'],
      job.cost.uses.map((u) => [u.provider, u.capability, u.calls, u.failed]),
      job.artifacts.map((a) => [a.kind, a.provenance?.disclosure]),
    );
    log(await stack.attempts(job.job_id, 'summarizePassages', 'bedrock'));
  }
  log(vendors.bedrock.calls());
  const t2 = Date.now();
  log(await stack.operator.check('bedrock'), Date.now() - t2);
  log(await stack.operator.events('bedrock'));
  await vendors.bedrock.heal();
  log(await stack.operator.check('bedrock'), Date.now() - t2);
  log(await stack.operator.check('openai'), Date.now() - t2);
  log(
    (await stack.operator.providers()).map((p) => [p.provider, p.capability, p.breaker, p.month]),
    Date.now() - t2,
  );
  await stack.stop();
  await Promise.all(Object.values(vendors).map((v) => v.close()));
}, 200000);

-- What providers brought, on top of the version before.
INSERT INTO provider_usage (id, owner_id, job_id, step, capability, provider, model, calls, failed, input_tokens, output_tokens, characters, seconds, images, micro_usd, at) VALUES
  ('00000000-0000-4000-8000-000000000f01', '00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-0000000000e2', 'summarizePassages', 'language_model', 'bedrock', 'anthropic.claude-3-haiku-20240307-v1:0', 3, 1, 5000000000, 1200, 0, 0, 0, 1251500, '2026-11-23 07:00:00+00'),
  ('00000000-0000-4000-8000-000000000f02', NULL, '00000000-0000-4000-8000-0000000000ff', 'recogniseWindow', 'transcriber', 'openai', 'whisper-1', 1, 0, 0, 0, 0, 29.25, 0, NULL, '2026-11-23 07:00:01+00');
INSERT INTO budgets (user_id, month_usd, set_by) VALUES ('00000000-0000-4000-8000-000000000002', 12.5, NULL);
INSERT INTO provider_controls (provider, paused, rate_per_s, reason, set_by) VALUES ('bedrock', true, 0.5, 'invoice', '00000000-0000-4000-8000-000000000002');
INSERT INTO provider_events (id, kind, provider, capability, worker, actor, reason) VALUES
  ('00000000-0000-4000-8000-000000000f11', 'circuit_open', 'bedrock', 'language_model', 'host:1:abcd', NULL, 'bedrock: HTTP 503'),
  ('00000000-0000-4000-8000-000000000f12', 'paused', 'bedrock', NULL, NULL, '00000000-0000-4000-8000-000000000002', 'invoice'),
  ('00000000-0000-4000-8000-000000000f13', 'circuit_closed', 'bedrock', 'language_model', 'host:1:abcd', NULL, NULL);
INSERT INTO budgets (user_id, month_usd, set_by) VALUES ('00000000-0000-4000-8000-000000000003', 0, '00000000-0000-4000-8000-000000000002');
INSERT INTO provider_controls (provider, paused, rate_per_s, reason, set_by) VALUES ('pexels', false, NULL, 'over', NULL);
INSERT INTO jobs (id, owner_id, type, title, input, status, estimated_time, estimated_cost, cost) VALUES
  ('00000000-0000-4000-8000-0000000000e4', '00000000-0000-4000-8000-000000000003', 'summarize', 'paid', '{"text":"x"}', 'completed', 3,
   '{"usd":0.02,"unpriced":[]}', '{"usd":1.2515,"unpriced":["openai/whisper-1"],"uses":[]}');

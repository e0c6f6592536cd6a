-- A database as the first version leaves it: rows with and without each optional value, and odd ones.
INSERT INTO users (id, email, name, time_zone, created_at) VALUES
  ('00000000-0000-4000-8000-000000000001', 'learner@example.org', 'A learner', 'Europe/Zurich', '2026-11-22 20:00:00.123+00'),
  ('00000000-0000-4000-8000-000000000002', 'o''dd+tag@example.org', NULL, 'UTC', '1970-01-01 00:00:00+00');
INSERT INTO users (id, email) VALUES ('00000000-0000-4000-8000-000000000003', 'defaults@example.org');

INSERT INTO content (id, owner_id, kind, title, file_name, media_type, bytes, blob, language, created_at) VALUES
  ('00000000-0000-4000-8000-0000000000c1', '00000000-0000-4000-8000-000000000001', 'audio', 'Plate tectonics', 'lecture.mp3', 'audio/mpeg', 1484375, repeat('a1', 32), 'en', '2026-11-22 20:01:00.001+00'),
  ('00000000-0000-4000-8000-0000000000c2', '00000000-0000-4000-8000-000000000002', 'text', 'Übung: "Gärung", 50 % — 火山', 'notes ''final'' v2\n.txt', 'text/plain', 0, repeat('b2', 32), NULL, '2026-11-22 20:02:00+00'),
  ('00000000-0000-4000-8000-0000000000c3', '00000000-0000-4000-8000-000000000002', 'video', '', 'film.mp4', 'video/mp4', 9007199254740993, repeat('a1', 32), 'zh-Hant-TW', '2026-11-22 20:03:00+00');

INSERT INTO transcriptions (id, content_id, owner_id, blob, language, duration_s, provider, model, quality, created_at) VALUES
  ('00000000-0000-4000-8000-0000000000d1', '00000000-0000-4000-8000-0000000000c1', '00000000-0000-4000-8000-000000000001', repeat('c3', 32), 'en', 247.0400001, 'whisper', 'base', 'standard', '2026-11-22 20:04:00+00'),
  ('00000000-0000-4000-8000-0000000000d3', '00000000-0000-4000-8000-0000000000c3', '00000000-0000-4000-8000-000000000002', repeat('c4', 32), 'und', 0, 'moonshine', 'tiny', 'fast', '2026-11-22 20:05:00+00');

INSERT INTO content_vectors (vector_id, content_id, passage_id, text, model, dimension) VALUES
  ('00000000-0000-4000-8000-0000000000c2#1', '00000000-0000-4000-8000-0000000000c2', 'p1', E'Two\nlines; and a semicolon', 'all-mpnet-base-v2', 768);

INSERT INTO transcript_vectors (vector_id, transcription_id, passage_id, text, start_s, end_s, model, dimension) VALUES
  ('d1#1', '00000000-0000-4000-8000-0000000000d1', 'p1', 'The outer shell of the earth is broken into plates.', 0, 14.98, 'all-mpnet-base-v2', 768),
  ('d1#2', '00000000-0000-4000-8000-0000000000d1', 'p2', '', NULL, NULL, 'all-mpnet-base-v2', 768);

INSERT INTO jobs (id, owner_id, type, title, input, status, revision, phase, steps, progress, result, error, warnings, estimated_time, run_id, run, cancel_requested_at, parent_id, batch_id, created_at, started_at, finished_at) VALUES
  ('00000000-0000-4000-8000-0000000000e1', '00000000-0000-4000-8000-000000000001', 'lesson', 'Plate tectonics', '{"source_id":"00000000-0000-4000-8000-0000000000c1","theme":"dark"}', 'completed_with_warnings', 31, 'video',
   '[{"name":"decode","status":"completed","attempts":1,"provider":null,"quality":null,"started_at":"2026-11-22T20:06:00.000Z","finished_at":"2026-11-22T20:06:01.000Z","warning":null}]',
   '{"done":3,"total":4,"unit":"windows","percent":75}', '{"transcript":{"words":512},"narration":null}', NULL, '[{"code":"BASIC_QUALITY","message":"Made of the speaker’s own sentences","step":"summarize"}]',
   45, '00000000-0000-4000-8000-0000000000f1', 1, NULL, NULL, '00000000-0000-4000-8000-0000000000ba', '2026-11-22 20:06:00+00', '2026-11-22 20:06:00.5+00', '2026-11-22 20:07:04.999+00'),
  ('00000000-0000-4000-8000-0000000000e2', '00000000-0000-4000-8000-000000000002', 'transcribe', 'x', '{}', 'failed', 7, NULL, '[]', NULL, NULL,
   '{"code":"MEDIA_UNREADABLE","message":"not a recording","hint":null,"step":"decode","provider":null,"retryable":false}', '[]', 10, NULL, 3, '2026-11-22 20:08:00+00', '00000000-0000-4000-8000-0000000000e1', NULL, '2026-11-22 20:08:00+00', NULL, NULL);
INSERT INTO jobs (id, owner_id, type, title, input, status, estimated_time) VALUES
  ('00000000-0000-4000-8000-0000000000e3', '00000000-0000-4000-8000-000000000003', 'narrate', 'waits', '{"artifact_id":null}', 'queued', 0);

INSERT INTO artifacts (id, owner_id, job_id, content_id, kind, media_type, file_name, blob, bytes, language, metadata, position, created_at) VALUES
  ('00000000-0000-4000-8000-000000000a01', '00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-0000000000e1', '00000000-0000-4000-8000-0000000000c1', 'transcript', 'application/json', 'lecture.json', repeat('c3', 32), 20480, 'en', '{"provider":"whisper","model":"base","quality":"standard"}', 0, '2026-11-22 20:06:30+00'),
  ('00000000-0000-4000-8000-000000000a02', '00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-0000000000e1', '00000000-0000-4000-8000-0000000000c1', 'video', 'video/mp4', 'Plate Tectonics.mp4', repeat('d5', 32), 9007199254740993, 'en', '{"duration_s":512.5}', 0, '2026-11-22 20:06:59+00'),
  ('00000000-0000-4000-8000-000000000a03', '00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-0000000000e1', NULL, 'voiceover', 'audio/mpeg', 'voice 34.mp3', repeat('d6', 32), 0, NULL, '{}', 34, '2026-11-22 20:06:40+00'),
  ('00000000-0000-4000-8000-000000000a04', '00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-0000000000e1', NULL, 'summary', 'application/json', '火山.summary.json', repeat('d7', 32), 12, 'en', json_build_object('passages', repeat('d8', 32))::jsonb, 0, '2026-11-22 20:06:41+00');

INSERT INTO vector_collections (name, model, dimension, created_at) VALUES ('content', 'all-mpnet-base-v2', 768, '2026-11-22 20:00:00+00');

INSERT INTO step_results (key, owner_id, step, blob, lease_holder, lease_until, created_at) VALUES
  (repeat('e1', 32), '00000000-0000-4000-8000-000000000001', 'filmSlides', repeat('f1', 32), NULL, '2026-11-22 20:06:58+00', '2026-11-22 20:06:50+00'),
  (repeat('e2', 32), '00000000-0000-4000-8000-000000000001', 'speak', NULL, 'worker:1:activity', NULL, '2026-11-22 20:06:51+00');

INSERT INTO workers (id, offers, seen_at) VALUES
  ('host:1:0a1b2c3d', '[{"capability":"transcriber","provider":"whisper","model":"base","breaker":"closed"}]', '2026-11-22 20:10:00+00'),
  ('host:2:ffffffff', '[]', '2026-11-22 20:10:00+00');

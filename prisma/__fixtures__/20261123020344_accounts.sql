-- What accounts brought, on top of the version before.
INSERT INTO users (id, email, name, role, tier, password_hash, email_verified_at) VALUES
  ('00000000-0000-4000-8000-000000000011', 'teacher@example.org', 'A teacher', 'teacher', 'premium', '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA', '2026-11-23 02:00:00+00'),
  ('00000000-0000-4000-8000-000000000012', 'service@example.org', 'A service', 'service', 'free', NULL, NULL);

INSERT INTO sessions (id, user_id, user_agent, address, created_at, last_used_at, expires_at, ended_at, end_reason) VALUES
  ('00000000-0000-4000-8000-000000000051', '00000000-0000-4000-8000-000000000011', 'Mozilla/5.0 (X11; Linux x86_64)', '2001:db8::1', '2026-11-23 02:00:00+00', '2026-11-23 02:30:00.25+00', '2026-12-23 02:30:00.25+00', NULL, NULL),
  ('00000000-0000-4000-8000-000000000052', '00000000-0000-4000-8000-000000000001', NULL, NULL, '2026-11-23 02:00:00+00', '2026-11-23 02:00:00+00', '2026-12-23 02:00:00+00', '2026-11-23 02:10:00+00', 'reuse');

INSERT INTO refresh_tokens (hash, session_id, created_at, used_at) VALUES
  (repeat('01', 32), '00000000-0000-4000-8000-000000000051', '2026-11-23 02:00:00+00', '2026-11-23 02:15:00+00'),
  (repeat('02', 32), '00000000-0000-4000-8000-000000000051', '2026-11-23 02:15:00+00', NULL);

INSERT INTO signing_keys (kid, secret, created_at) VALUES ('00000000-0000-4000-8000-000000000071', 'bm90IGEgc2VjcmV0', '2026-11-23 02:00:00+00');

INSERT INTO idempotency_keys (id, request, status, data, location, holder, lease_until, created_at) VALUES
  (repeat('03', 32), repeat('04', 32), 202, '{"job_id":"00000000-0000-4000-8000-0000000000e1"}', '/api/jobs/00000000-0000-4000-8000-0000000000e1', '00000000-0000-4000-8000-000000000081', '2026-11-23 02:00:30+00', '2026-11-23 02:00:00+00'),
  (repeat('05', 32), repeat('06', 32), NULL, NULL, NULL, '00000000-0000-4000-8000-000000000082', '2026-11-23 02:00:30+00', '2026-11-23 02:00:00+00');

INSERT INTO mail_links (id, user_id, purpose, created_at, used_at) VALUES
  ('00000000-0000-4000-8000-000000000091', '00000000-0000-4000-8000-000000000011', 'verify_email', '2026-11-23 02:00:00+00', '2026-11-23 02:05:00+00'),
  ('00000000-0000-4000-8000-000000000092', '00000000-0000-4000-8000-000000000011', 'reset_password', '2026-11-23 02:00:00+00', NULL);

INSERT INTO outbox (id, recipient, subject, text, created_at, sent_at, error) VALUES
  ('00000000-0000-4000-8000-0000000000b1', 'teacher@example.org', 'Confirm your address', '', '2026-11-23 02:00:00+00', '2026-11-23 02:00:01+00', NULL),
  ('00000000-0000-4000-8000-0000000000b2', 'learner@example.org', 'Your password', E'Follow this link:\n…', '2026-11-23 02:00:00+00', NULL, 'connect ECONNREFUSED');

INSERT INTO security_events (id, kind, user_id, actor, address, details, created_at) VALUES
  ('00000000-0000-4000-8000-000000000e01', 'acted_for', '00000000-0000-4000-8000-000000000011', 'reports', '192.0.2.1', '{"route":"GET /api/jobs"}', '2026-11-23 02:00:00+00'),
  ('00000000-0000-4000-8000-000000000e02', 'login_failed', NULL, NULL, NULL, '{}', '2026-11-23 02:00:00+00');

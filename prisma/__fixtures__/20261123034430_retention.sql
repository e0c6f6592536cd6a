-- What retention brought, on top of the version before.
INSERT INTO artifacts (id, owner_id, job_id, kind, media_type, file_name, blob, bytes, position, retention, expires_at) VALUES
  ('00000000-0000-4000-8000-000000000a11', '00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-0000000000e2', 'video', 'video/mp4', 'film.mp4', repeat('d5', 32), 4294967296, 0, 'derived', '2027-02-21 03:44:30.5+00'),
  ('00000000-0000-4000-8000-000000000a12', '00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-0000000000e2', 'deck', 'application/vnd.openxmlformats-officedocument.presentationml.presentation', 'deck.pptx', repeat('d9', 32), 658530, 0, 'kept', NULL);

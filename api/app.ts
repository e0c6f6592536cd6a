/** Mounts the routers; everything they need is an argument, so a test mounts the same app. */
import express, { type Express } from 'express';
import type { Db } from '../prisma/client';
import type { Blobs } from '../store/blobs';
import { artifactRoutes } from './artifacts/routes';
import { contentRoutes } from './content/routes';
import { answersJson } from './http/accept';
import { errorHandler, noSuchRoute, type LogError } from './http/errors';
import { requestContext } from './http/request-context';
import { JSON_TYPES } from './http/validate';
import { jobRoutes } from './jobs/routes';
import type { JobStarter } from './jobs/start';
import type { JobReader } from './jobs/status';
import type { JobEngine } from './jobs/temporal';
import type { Probe } from './ops/health';
import { healthRoutes } from './ops/routes';
import { presentationRoutes } from './presentations/routes';
import { transcribeRoutes } from './transcribe/routes';
import { ttsRoutes } from './tts/routes';

export interface AppDeps {
  readonly db: Db;
  readonly blobs: Blobs;
  readonly engine: JobEngine;
  readonly starter: JobStarter;
  readonly reader: JobReader;
  readonly probes: Readonly<Record<string, Probe>>;
  /** Everybody is this user until there are accounts. */
  readonly userId: string;
  readonly maxUploadBytes: number;
  readonly trustProxy: number;
  readonly logError: LogError;
}

export function createApp(deps: AppDeps): Express {
  const { db, blobs, userId, logError } = deps;
  const uploads = { blobs, maxBytes: deps.maxUploadBytes };
  const onError = (error: unknown) => logError(error, { method: '', path: 'jobs', request_id: '' });

  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', deps.trustProxy);
  app.set('etag', false);
  app.use(requestContext({ userId }));
  app.use(express.json({ limit: '1mb', type: JSON_TYPES }));

  app.use('/api/artifacts', artifactRoutes({ db, blobs }));
  app.use(answersJson);
  app.use('/api/health', healthRoutes(deps));
  app.use('/api/content', contentRoutes({ db, uploads }));
  app.use('/api/jobs', jobRoutes({ ...deps, onError }));
  app.use('/api/transcribe', transcribeRoutes({ ...deps, uploads }));
  app.use('/api/tts', ttsRoutes(deps));
  app.use('/api/presentations', presentationRoutes(deps));

  app.use(noSuchRoute);
  app.use(errorHandler(logError));
  return app;
}

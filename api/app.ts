/** Mounts the declared routes; everything they need is an argument, so a test mounts the same app. */
import { setMaxListeners } from 'node:events';
import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import type { Db } from '../prisma/client';
import type { Blobs } from '../store/blobs';
import type { Buckets } from '../store/buckets';
import { artifactRoutes } from './artifacts/routes';
import { capabilityRoutes } from './capabilities/routes';
import { identify, refuse } from './auth/identify';
import type { Principals } from './auth/principals';
import { authRoutes, type AuthDeps } from './auth/routes';
import type { PartialUploads } from './content/partial-uploads';
import { receives } from './content/receives';
import { resumableRoutes } from './content/resumable';
import { contentRoutes } from './content/routes';
import { announceTus, UPLOADS } from './content/tus';
import { docsRoutes } from './docs/routes';
import { crossOrigin } from './http/cors';
import type { Endpoint, Method, Mounts } from './http/endpoint';
import { errorHandler, noSuchRoute, type LogError } from './http/errors';
import { isReplayed, replays } from './http/idempotency';
import { mount } from './http/mount';
import { rateLimit } from './http/rate-limit';
import { requestContext } from './http/request-context';
import { atAPace } from './http/slow';
import { notTooDeep, takesJson } from './http/validate';
import { jobRoutes } from './jobs/routes';
import type { JobStarter } from './jobs/start';
import type { JobReader } from './jobs/status';
import type { JobEngine } from './jobs/temporal';
import type { Probe } from './ops/health';
import { budgetRoutes } from './ops/budget-routes';
import { providerRoutes } from './ops/provider-routes';
import type { QueueRates } from './ops/queue-rates';
import { healthRoutes } from './ops/routes';
import { presentationRoutes } from './presentations/routes';
import { transcribeRoutes } from './transcribe/routes';
import { ttsRoutes } from './tts/routes';
import { usageRoutes } from './usage/routes';

export interface AppDeps {
  readonly db: Db;
  readonly blobs: Blobs;
  /** Uploads that are not whole yet. */
  readonly partials: PartialUploads;
  readonly buckets: Buckets;
  readonly auth: AuthDeps;
  readonly principals: Principals;
  readonly engine: JobEngine;
  readonly starter: JobStarter;
  readonly reader: JobReader;
  readonly probes: Readonly<Record<string, Probe>>;
  readonly rates: QueueRates;
  /** What everybody may spend in a month; null: no limit. */
  readonly commonUsd: number | null;
  readonly version: string;
  readonly maxUploadBytes: number;
  readonly trustProxy: number;
  /** Web pages elsewhere that may call us from a browser. */
  readonly corsOrigins: readonly string[];
  /** Aborts when the process is about to end: whoever waits is answered, and no more come. */
  readonly stopping: AbortSignal;
  readonly logError: LogError;
}

/** Every route there is, by base path. */
export function mountsOf(deps: AppDeps): Mounts {
  const { db, blobs, logError, partials } = deps;
  const tell = (path: string) => (error: unknown) => logError(error, { method: '', path, request_id: '' });
  const [onError, maxBytes] = [tell('jobs'), deps.maxUploadBytes];
  const mounts: Mounts = {
    '/api/auth': authRoutes(deps.auth),
    '/api/content': contentRoutes({ db, blobs }),
    [UPLOADS]: resumableRoutes({ db, blobs, partials, maxBytes, onError: tell('uploads') }),
    '/api/transcribe': transcribeRoutes(deps),
    '/api/jobs': jobRoutes({ ...deps, onError }),
    '/api/artifacts': artifactRoutes({ db, blobs }),
    '/api/tts': ttsRoutes(deps),
    '/api/presentations': presentationRoutes(deps),
    '/api/capabilities': capabilityRoutes(deps),
    '/api/usage': usageRoutes(deps),
    '/api/ops': { ...providerRoutes({ ...deps, onError: tell('ops') }), ...budgetRoutes(deps) },
    '/api/health': healthRoutes(deps),
  };
  return { ...mounts, ...docsRoutes(() => mounts, deps.version) };
}

/** Whoever watches over us, or reads how to use us, is neither counted nor asked who he is. */
const OPEN = ['/api/health', '/api/docs', '/api/openapi.json'];

const only = (mounts: Mounts, wanted: (base: string) => boolean): Mounts =>
  Object.fromEntries(Object.entries(mounts).filter(([base]) => wanted(base)));

/** Pages are ours alone: no scripts, no frames, nothing from elsewhere. */
const SECURITY = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      frameAncestors: ["'none'"],
      formAction: ["'none'"],
      baseUri: ["'none'"],
    },
  },
});

/** Forms are taken in first, since what is in the file tells whether a request is the same. */
function beforeHandler({ db, blobs, maxUploadBytes: maxBytes, logError }: AppDeps) {
  const onError = (error: unknown) => logError(error, { method: '', path: 'uploads', request_id: '' });
  const taking = receives({ db, uploads: { blobs, maxBytes }, onError });
  const replaying = replays(db);
  return (endpoint: Endpoint, method: Method): RequestHandler[] => [
    ...(endpoint.form ? [taking] : []),
    ...(isReplayed(endpoint, method) ? [replaying] : []),
  ];
}

export function createApp(deps: AppDeps): Express {
  const { principals, buckets, auth } = deps;
  const mounts = mountsOf(deps);
  const app = express();
  // Everybody who waits listens to it.
  setMaxListeners(0, deps.stopping);
  app.disable('x-powered-by');
  app.set('trust proxy', deps.trustProxy);
  app.set('etag', false);
  // Express's own 304 knows no tags of ours, and gives one to `If-None-Match: *` where there is none.
  Object.defineProperty(app.request, 'fresh', { value: false });
  app.use(UPLOADS, announceTus(deps.maxUploadBytes));
  app.use(requestContext, SECURITY, crossOrigin(deps.corsOrigins), atAPace());
  mount(
    app,
    only(mounts, (base) => OPEN.includes(base)),
  );
  app.use(identify({ principals, audit: auth.audit }));
  app.use(rateLimit(buckets));
  app.use(refuse({ principals, audit: auth.audit }));
  app.use(express.json({ limit: '1mb', type: takesJson }), notTooDeep);
  mount(
    app,
    only(mounts, (base) => !OPEN.includes(base)),
    beforeHandler(deps),
  );
  app.use(noSuchRoute);
  app.use(errorHandler(deps.logError));
  return app;
}

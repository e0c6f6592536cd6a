/** A route as data: what it takes, who may call it, what it answers. Mounting and documents read the same. */
import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { Rule } from '../../domain/access';
import type { Deprecated } from './deprecation';
import type { Principal } from './principal';

export type Method = 'get' | 'post' | 'patch' | 'delete' | 'options';

export interface Answer {
  readonly description: string;
  /** What `data` of the envelope holds; absent where there is no envelope (204, files, streams). */
  readonly data?: z.ZodType;
  /** Where the answer is no JSON. */
  readonly media_type?: string;
}

export interface Asked<Query, Body> {
  readonly req: Request;
  readonly res: Response;
  readonly who: Principal;
  readonly query: Query;
  readonly body: Body;
}

interface Spec<Query extends z.ZodType, Body extends z.ZodType> {
  readonly summary: string;
  readonly rule: Rule;
  /** There is something better, and this will go. */
  readonly deprecated?: Deprecated;
  readonly query?: Query;
  /** What it reads from headers beside the usual ones: name and meaning. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A JSON body; or the fields of a form. */
  readonly body?: Body;
  /** The body is a multipart form with a `file` beside its fields. */
  readonly form?: true;
  /** Statuses of its refusals that its shape does not tell. */
  readonly refuses?: readonly number[];
  /** Successful answers by status. */
  readonly answers: Readonly<Record<number, Answer>>;
  handle(asked: Asked<z.output<Query>, z.output<Body>>): Promise<void> | void;
}

export type Endpoint = Spec<z.ZodType, z.ZodType>;

/** The answer to whoever has it already; for JSON `ok` gives it. */
export const UNCHANGED: Readonly<Record<304, Answer>> = {
  304: { description: 'You have it already (If-None-Match)' },
};

/** Gives `handle` the types of its own schemas; whoever reads the declaration does not ask for them. */
export const endpoint = <Query extends z.ZodType = z.ZodUndefined, Body extends z.ZodType = z.ZodUndefined>(
  spec: Spec<Query, Body>,
): Endpoint => spec;

/** What is done and says nothing: 204. */
export const noContent = <Query extends z.ZodType = z.ZodUndefined, Body extends z.ZodType = z.ZodUndefined>(
  spec: Omit<Spec<Query, Body>, 'answers'>,
): Endpoint =>
  endpoint<Query, Body>({
    ...spec,
    answers: { 204: { description: 'Done' } },
    async handle(asked) {
      await spec.handle(asked);
      asked.res.status(204).end();
    },
  });

/** By path below a base (`/`, `/:id`, …) and method. HEAD comes with GET; OPTIONS is declared where it says more than the methods. */
export type Routes = Readonly<Record<string, Readonly<Partial<Record<Method, Endpoint>>>>>;

/** By base path, for example `/api/jobs`. */
export type Mounts = Readonly<Record<string, Routes>>;

export interface Mounted {
  readonly method: Method;
  /** `/api/jobs/:id` */
  readonly path: string;
  readonly endpoint: Endpoint;
}

/** `/api/jobs` and `/` make `/api/jobs`. */
export const pathOf = (base: string, path: string): string => (path === '/' ? base : base + path);

export const listRoutes = (mounts: Mounts): Mounted[] =>
  Object.entries(mounts).flatMap(([base, routes]) =>
    Object.entries(routes).flatMap(([path, methods]) =>
      (Object.entries(methods) as [Method, Endpoint][]).map(([method, endpoint]) => ({
        ...{ method, endpoint },
        path: pathOf(base, path),
      })),
    ),
  );

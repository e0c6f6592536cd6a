/** zod's schemas as JSON Schemas (https://json-schema.org/draft/2020-12), those that have a name kept once. */
import { z } from 'zod';
import { artifactLinkSchema } from '../../domain/artifact';
import { jobErrorSchema, progressSchema, stepSchema, warningSchema } from '../../domain/job';
import { contracts, type JobType } from '../../workflows/contracts';
import { tokensSchema } from '../auth/schemas';
import { transcribeFieldsSchema, uploadFieldsSchema } from '../content/schemas';
import type { Mounted } from '../http/endpoint';
import { acceptedSchema, newJobSchema } from '../jobs/schemas';

export type Schema = z.core.JSONSchema.BaseSchema;
/** Those that others refer to, by name. */
export type Shared = Record<string, Schema>;
export type Convert = (schema: z.ZodType) => Schema;
export type Converters = Readonly<Record<'input' | 'output', Convert>>;
export type Names = ReadonlyMap<z.core.$ZodType, string>;

export const metaSchema = z
  .object({ timestamp: z.iso.datetime(), request_id: z.string().min(1) })
  .meta({ id: 'Meta' });

const detailsSchema = z.looseObject({
  field: z.string().optional().describe('The first that is wrong'),
  problems: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  hint: z.string().min(1).describe('What to do about it'),
  retry_after_s: z.number().optional().describe('Seconds after which the same request may succeed'),
});

const errorSchema = z.object({
  code: z.string().regex(/^[A-Z][A-Z0-9_]*$/),
  message: z.string().min(1),
  details: detailsSchema,
});

export const failureSchema = z.object({
  ...{ success: z.literal(false), error: errorSchema, meta: metaSchema },
});

export const ref = (kind: string, name: string) => ({ $ref: `#/components/${kind}/${name}` });

const pascal = (text: string) => text.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** What is refused whatever it holds is no part of a body. */
const jobBody = newJobSchema.omit({ callback_url: true });

/** `input` depends on `type`: one body for each. */
export const NEW_JOBS = (Object.keys(contracts) as JobType[]).map((type) => {
  const input = contracts[type].input.meta({ id: `JobInput${pascal(type)}` });
  return jobBody.extend({ type: z.literal(type), input }).meta({ id: `NewJob${pascal(type)}` });
});

const NAMED: Readonly<Record<string, z.core.$ZodType>> = {
  ...{ AcceptedJob: acceptedSchema, Failure: failureSchema, Tokens: tokensSchema },
  ...{ UploadForm: uploadFieldsSchema, TranscribeForm: transcribeFieldsSchema },
  ...{ ArtifactLink: artifactLinkSchema, JobError: jobErrorSchema, JobProgress: progressSchema },
  ...{ JobStep: stepSchema, JobWarning: warningSchema },
};

/** What a GET gives, alone or in a page, is the resource and has its name; of several the shortest path's. */
export function namesOf(routes: readonly Mounted[]): Names {
  const named = new Map<string, z.core.$ZodType>(Object.entries(NAMED));
  for (const { method, endpoint } of routes.toSorted((a, b) => a.path.length - b.path.length)) {
    const data = endpoint.answers[200]?.data;
    const items: unknown = data instanceof z.ZodObject ? data.shape['items'] : undefined;
    const one = items instanceof z.ZodArray ? items.element : data;
    const name = pascal(endpoint.rule[0]);
    if (method === 'get' && one instanceof z.ZodObject && !named.has(name)) named.set(name, one);
  }
  return new Map([...named].map(([name, schema]) => [schema, name]));
}

/** Without what zod adds and nobody needs: patterns of formats, JavaScript's integers. Answers may grow. */
const tidy: NonNullable<z.core.ToJSONSchemaParams['override']> = ({ zodSchema, jsonSchema }) => {
  const { def } = zodSchema._zod;
  if (def.type === 'object' && !def.catchall) delete jsonSchema.additionalProperties;
  if (jsonSchema.format) delete jsonSchema.pattern;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
};

/** Named schemas (`.meta({ id })`, or `names`) go to `shared`; each is only taken or only given. */
export const converter = (io: 'input' | 'output', names: Names, shared: Shared): Convert => {
  const get = (one: z.core.$ZodType) => {
    const [id, meta] = [names.get(one), z.globalRegistry.get(one)];
    return id ? { id, ...meta } : meta;
  };
  const metadata = Object.assign(z.registry<Record<string, unknown>>(), { get });
  const options = { io, metadata, override: tidy, unrepresentable: 'any', cycles: 'throw' } as const;
  return (schema) => {
    const made = JSON.stringify(z.toJSONSchema(schema, options));
    const text = made.replaceAll('#/$defs/', '#/components/schemas/');
    const { $schema, $defs, ...rest } = JSON.parse(text) as Schema;
    Object.assign(shared, $defs);
    return rest;
  };
};

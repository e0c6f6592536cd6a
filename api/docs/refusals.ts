/** What an operation can refuse, by status: the failures that can happen, and no others. */
import { isAllowed } from '../../domain/access';
import { ANY_TYPE } from '../http/accept';
import type { Endpoint, Mounted } from '../http/endpoint';
import { isReplayed } from '../http/idempotency';

export const isOpen = ({ rule }: Endpoint) => isAllowed('anonymous', rule);
export const isCounted = ({ rule }: Endpoint) => rule[0] !== 'health' && rule[0] !== 'docs';

const always = () => true;
const counted = ({ endpoint }: Mounted) => isCounted(endpoint);
/** JSON is read wherever it is sent, also where nobody asks for it. */
const reads = ({ method }: Mounted) => method === 'post' || method === 'patch';
const hasId = ({ path }: Mounted) => path.includes(':');
const isPicky = ({ endpoint }: Mounted) =>
  Object.values(endpoint.answers).every((one) => one.media_type !== ANY_TYPE);
/** A job's source or artifact stands in the body. */
const names = ({ endpoint: { rule, body } }: Mounted) => rule[1] === 'create' && rule[0] === 'job' && !!body;

interface Refusal {
  readonly name: string;
  readonly description: string;
  readonly happens: (route: Mounted) => boolean;
}

export const REFUSALS: Readonly<Record<number, Refusal>> = {
  400: {
    name: 'Unreadable',
    description: 'The URL or the body cannot be read, or there is no body',
    happens: (route) => counted(route) && (reads(route) || hasId(route)),
  },
  401: {
    name: 'Unauthorized',
    description: 'Who asks is unknown, or the token is no good',
    happens: counted,
  },
  403: {
    name: 'Forbidden',
    description: 'It is for others; or X-On-Behalf-Of was sent by somebody who is no service',
    happens: counted,
  },
  404: {
    name: 'NotFound',
    description: 'There is none, or it is not yours',
    happens: (route) => hasId(route) || names(route),
  },
  406: {
    name: 'NotAcceptable',
    description: 'The Accept header refuses every type of the answer',
    happens: isPicky,
  },
  408: { name: 'TooSlow', description: 'The body comes too slowly', happens: reads },
  409: {
    name: 'Conflict',
    description: 'Its state forbids it, or the first request with this key still runs',
    happens: ({ endpoint, method }) => isReplayed(endpoint, method),
  },
  412: {
    name: 'PreconditionFailed',
    description: 'That version of the protocol is not spoken',
    happens: () => false,
  },
  413: { name: 'TooLarge', description: 'The body is too large', happens: reads },
  415: {
    name: 'UnsupportedMediaType',
    description: 'The body is of a type, charset or encoding that is not read',
    happens: reads,
  },
  416: {
    name: 'RangeNotSatisfiable',
    description: 'The file has no such range',
    happens: ({ endpoint }) => 206 in endpoint.answers,
  },
  422: {
    name: 'InvalidInput',
    description: 'Fields are wrong, or X-On-Behalf-Of names no user',
    happens: counted,
  },
  429: { name: 'TooManyRequests', description: 'There were too many requests', happens: counted },
  500: { name: 'Internal', description: 'Something went wrong on our side', happens: always },
  503: {
    name: 'Unavailable',
    description: 'A part of ours is away',
    happens: ({ endpoint }) => endpoint.rule[0] !== 'docs',
  },
  507: {
    name: 'DiskFull',
    description: 'There is no space left to keep it',
    happens: ({ endpoint }) => Boolean(endpoint.form),
  },
};

/** The document as a page to read: without scripts, so that it works under the strictest policy. */
import type { OpenApi, Operation } from './openapi';
import type { Schema } from './schemas';

/** Markup that is safe as it stands; every other part is escaped. */
interface Html {
  readonly markup: string;
}

type Part = Html | string | undefined | readonly Part[];

const escape = (text: string): string => text.replace(/[&<>"'`]/g, (sign) => `&#${sign.charCodeAt(0)};`);

function markupOf(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'string') return escape(part);
  return 'markup' in part ? part.markup : part.map(markupOf).join('');
}

const safe = (texts: TemplateStringsArray, ...parts: Part[]): Html => ({
  markup: String.raw({ raw: texts }, ...parts.map(markupOf)),
});

/** Code stands between backticks. */
const inline = (text: string): Part[] =>
  text.split('`').map((piece, at) => (at % 2 === 1 ? safe`<code>${piece}</code>` : piece));

const prose = (text = ''): Html[] =>
  text.split('\n\n').flatMap((paragraph) => (paragraph ? [safe`<p>${inline(paragraph)}</p>`] : []));

const join = (parts: readonly Part[], between: string): Part[] =>
  parts.map((part, at) => [at === 0 ? '' : between, part]);

const nameOf = (ref: string): string => ref.split('/').at(-1) ?? '';

const branchesOf = ({ anyOf, oneOf, allOf }: Schema): readonly Schema[] => anyOf ?? oneOf ?? allOf ?? [];

/** What a list or a map holds. */
const innerOf = ({ items, additionalProperties }: Schema): Schema | undefined => {
  const inner = items ?? additionalProperties;
  return typeof inner === 'object' && !Array.isArray(inner) ? inner : undefined;
};

function typeOf(schema: Schema): Part {
  const { $ref, type = 'anything', format, const: only, enum: values = [only] } = schema;
  if ($ref) return safe`<a href="#schema-${nameOf($ref)}">${nameOf($ref)}</a>`;
  const literals = values.flatMap((one) =>
    one === undefined ? [] : safe`<code>${JSON.stringify(one)}</code>`,
  );
  if (literals.length > 0) return join(literals, ' or ');
  const branches = branchesOf(schema);
  if (branches.length > 0) return join(branches.map(typeOf), schema.allOf ? ' and ' : ' or ');
  const inner = innerOf(schema);
  if (inner && !schema.properties) return [type === 'array' ? 'list of ' : 'map of ', typeOf(inner)];
  return [[type].flat().join(' or '), format ? `, ${format}` : ''];
}

const LIMITS = {
  ...{ minimum: 'from', maximum: 'to', minLength: 'characters from', maxLength: 'characters to' },
  ...{ minItems: 'items from', maxItems: 'items to', pattern: 'pattern', default: 'by default' },
};

function limitsOf(schema: Schema): Part {
  const limits = Object.entries(LIMITS).filter(([key]) => schema[key] !== undefined);
  const told = limits.map(([key, name]) => safe`${name} <code>${JSON.stringify(schema[key])}</code>`);
  return told.length > 0 ? safe`<p class="quiet">${join(told, ' · ')}</p>` : undefined;
}

interface Field {
  readonly name: string;
  readonly schema: Schema;
  readonly required: boolean;
  readonly description?: string;
}

const fieldOf = ({ name, schema, required, description = schema.description }: Field): Html =>
  safe`<dt><code>${name}</code> <span>${typeOf(schema)}</span>${required ? safe` <b>required</b>` : ''}</dt>
<dd>${prose(description)}${limitsOf(schema)}${fieldsOf(schema)}</dd>
`;

/** What is inside, down to where a schema with a name begins. */
function fieldsOf(schema: Schema): Part {
  const { properties, required = [] } = schema;
  if (!properties) return [innerOf(schema) ?? [], branchesOf(schema)].flat().map(fieldsOf);
  const fields = Object.entries(properties).map(([name, property]) =>
    fieldOf({ name, schema: property as Schema, required: required.includes(name) }),
  );
  return fields.length > 0 ? safe`<dl>${fields}</dl>` : undefined;
}

const shapeOf = (schema: Schema): Html =>
  safe`<p class="type">${typeOf(schema)}</p>${limitsOf(schema)}${fieldsOf(schema)}`;

function parametersOf({ parameters }: Operation): Part {
  const fields = parameters.map(({ in: where, ...one }) =>
    fieldOf({ ...one, name: where === 'query' ? `?${one.name}` : one.name }),
  );
  return fields.length > 0 ? safe`<h4>Parameters</h4><dl>${fields}</dl>` : undefined;
}

const bodyOf = ({ requestBody }: Operation): Part =>
  Object.entries(requestBody?.content ?? {}).map(
    ([type, { schema = {} }]) => safe`<h4>Body <small>${type}</small></h4>${shapeOf(schema)}`,
  );

/** Of an envelope only what differs: its `data`. */
function answersOf({ responses }: Operation, { components }: OpenApi): Part {
  return Object.entries(responses).map(([status, told]) => {
    const answer = '$ref' in told ? components.responses[nameOf(told.$ref)] : told;
    const [type, media] = Object.entries(answer?.content ?? {})[0] ?? [];
    const line = safe`<b class="s${status.slice(0, 1)}">${status}</b> ${inline(answer?.description ?? '')}`;
    const data = media?.schema?.properties?.['data'];
    if (typeof data === 'object')
      return safe`<details class="answer"><summary>${line}</summary>${shapeOf(data)}</details>`;
    return safe`<p class="answer">${line} <small>${'$ref' in told ? '' : type}</small></p>`;
  });
}

interface Listed {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

interface Group {
  readonly tag: string;
  readonly listed: readonly Listed[];
}

const titleOf = ({ path, method }: Listed): Html =>
  safe`<span class="method ${method}">${method.toUpperCase()}</span> <code>${path}</code>`;

function operationOf(listed: Listed, document: OpenApi): Html {
  const { operation } = listed;
  const { operationId, summary, security, 'x-roles': who } = operation;
  return safe`<details class="operation"><summary><h3>${titleOf(listed)}</h3> ${inline(summary)}</summary>
<div id="${operationId}"><p class="quiet">For ${security.length === 0 ? 'anybody' : who.join(', ')}</p>
${parametersOf(operation)}${bodyOf(operation)}<h4>Answers</h4>${answersOf(operation, document)}</div></details>
`;
}

const schemaOf = ([name, schema]: [string, Schema]): Html =>
  safe`<details class="operation"><summary><h3><code>${name}</code></h3></summary>
<div id="schema-${name}">${shapeOf(schema)}</div></details>
`;

const menuOf = ({ tag, listed }: Group): Html => {
  const items = listed.map(
    (one) => safe`<li><a href="#${one.operation.operationId}">${titleOf(one)}</a></li>`,
  );
  return safe`<li><a href="#tag-${tag}">${tag}</a><ul>${items}</ul></li>
`;
};

const sectionOf = ({ tag, listed }: Group, document: OpenApi): Html =>
  safe`<section id="tag-${tag}"><h2>${tag}</h2>
${listed.map((one) => operationOf(one, document))}</section>
`;

function groupsOf({ tags, paths }: OpenApi): Group[] {
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Listed => ({ path, method, operation })),
  );
  return tags.map(({ name: tag }) => ({ tag, listed: all.filter((one) => one.operation.tags[0] === tag) }));
}

export function renderPage(document: OpenApi): string {
  const { info, components } = document;
  const groups = groupsOf(document);
  return safe`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${info.title} API ${info.version}</title>
<link rel="stylesheet" href="/api/docs/style.css">
</head>
<body>
<header><h1>${info.title} <small>${info.version}</small></h1>
${prose(info.description)}<p><a href="/api/openapi.json">The same as OpenAPI ${document.openapi}</a></p></header>
<nav aria-label="Operations"><ul>${groups.map(menuOf)}<li><a href="#schemas">schemas</a></li></ul></nav>
<main>
${groups.map((group) => sectionOf(group, document))}<section id="schemas"><h2>schemas</h2>
${Object.entries(components.schemas).map(schemaOf)}</section>
</main>
</body>
</html>
`.markup;
}

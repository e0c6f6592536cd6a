/**
 * The rule that holds the fences. It judges files, not specifiers (`../x` is another room at another depth),
 * and sees `import()`, `require()` and `import('…').Type` too.
 */
import path from 'node:path';

/** A file's path from the root without its extension, or the package's name as it stands. */
function targetOf(specifier, file, root) {
  if (!specifier.startsWith('.')) return specifier;
  const absolute = path.resolve(path.dirname(file), specifier);
  return `./${path.relative(root, absolute).replaceAll(path.sep, '/')}`.replace(/\.[cm]?[jt]s$/, '');
}

const fits = (entry, target) =>
  entry.endsWith('*')
    ? target.startsWith(entry.slice(0, -1))
    : target === entry || target.startsWith(`${entry}/`);

/** `values`, `types` or `never`. */
export function verdict({ values, types, never = [] }, target) {
  const entries = Object.entries({ values, types, never }).flatMap(([kind, list]) =>
    list.filter((entry) => fits(entry, target)).map((entry) => ({ kind, length: entry.length })),
  );
  return entries.sort((a, b) => b.length - a.length)[0]?.kind ?? 'never';
}

const onlyTypes = ({ importKind, exportKind, specifiers = [] }) =>
  importKind === 'type' ||
  exportKind === 'type' ||
  (specifiers.length > 0 &&
    specifiers.every((one) => one.importKind === 'type' || one.exportKind === 'type'));

export const fenceRule = {
  meta: {
    type: 'problem',
    schema: [{ type: 'object' }],
    messages: {
      never: 'Fence "{{name}}": "{{target}}" is not imported here. {{cure}}',
      types: 'Fence "{{name}}": "{{target}}" is imported for its types only, with `import type`. {{cure}}',
    },
  },
  create(context) {
    const [fence] = context.options;
    const check = (node, source, typesOnly) => {
      if (typeof source?.value !== 'string') return;
      const target = targetOf(source.value, context.filename, context.cwd);
      const kind = verdict(fence, target);
      if (kind === 'values' || (kind === 'types' && typesOnly)) return;
      context.report({ node, messageId: kind, data: { name: fence.name, target, cure: fence.cure } });
    };
    const declaration = (node) => check(node, node.source, onlyTypes(node));
    return {
      ImportDeclaration: declaration,
      ExportNamedDeclaration: declaration,
      ExportAllDeclaration: declaration,
      ImportExpression: (node) => check(node, node.source, false),
      TSImportType: (node) => check(node, node.source ?? node.argument?.literal, true),
      TSExternalModuleReference: (node) => check(node, node.expression, node.parent.importKind === 'type'),
      'CallExpression[callee.name="require"]': (node) => check(node, node.arguments[0], false),
    };
  },
};

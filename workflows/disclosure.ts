/** What is made of several parts says of each who made it instead of whom. */
export function joined(parts: Readonly<Record<string, string | null | undefined>>): string | null {
  const said = Object.entries(parts).flatMap(([part, disclosure]) =>
    disclosure ? `${part} ${disclosure}` : [],
  );
  return said.length > 0 ? said.join('; ') : null;
}

/** Our own programs read the same settings as the supervisor, changed by what it has found out. */
export function childEnvironment(changes: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...process.env, ...changes };
}

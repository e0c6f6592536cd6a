/** How clients learn that a route will go: RFC 9745 (`Deprecation`), RFC 8594 (`Sunset`), RFC 8288 (`Link`). */
import type { Response } from 'express';

export interface Deprecated {
  /** Since when there is something better. */
  readonly since: Date;
  /** When it goes: three months after `since` at the earliest. */
  readonly sunset: Date;
  /** The path of what takes its place. */
  readonly successor: string;
}

export function tellDeprecated(res: Response, { since, sunset, successor }: Deprecated): void {
  res.set('Deprecation', `@${Math.floor(since.getTime() / 1_000)}`);
  res.set('Sunset', sunset.toUTCString());
  res.append('Link', `<${successor}>; rel="successor-version"`);
}

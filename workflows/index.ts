/** What the worker bundles: one export per job type, named like it. */
export { embed } from './embed';
export { lesson } from './lesson';
export { narrate } from './narrate';
export { preflight } from './preflight';
export { slides } from './slides';
export { summarize } from './summarize';
export { transcribe } from './transcribe';
export { voiceover } from './voiceover';

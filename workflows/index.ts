/** What the worker bundles: one export per job type, named like it. */
export { transcribe } from './transcribe';

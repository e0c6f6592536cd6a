import type { SourceFile } from './asset';
import { assetNames, manifest } from './manifest';

describe.each(assetNames)('%s', (name) => {
  const asset = manifest[name];
  const files = asset.sources.flatMap((source) => source.files);

  it('has a version, a licence, and an entry among its files', () => {
    expect(asset.version).toMatch(/^\d/);
    expect(asset.licence).toMatch(/^[A-Za-z0-9.+-]+$/);
    if (asset.entry !== undefined) expect(asset.files).toContain(asset.entry);
  });

  it('pins every file of every source by its digest', () => {
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect(file.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('names exact releases and secure addresses', () => {
    for (const file of files) {
      if (file.kind === 'pip') expect(file.requirement).toMatch(/^[a-z0-9-]+==[0-9a-z.]+$/);
      if (file.kind === 'url') expect(file.url).toMatch(/^https:\/\/.+\/[0-9a-f]{40}\//);
    }
  });

  it('comes whole out of each source', () => {
    for (const { files: fetched, steps = [] } of asset.sources) {
      const brought = [
        ...fetched.flatMap((file) => (file.kind === 'pip' ? Object.values(file.members) : [file.saveAs])),
        ...steps.flatMap((step) => (step.kind === 'unzip' ? Object.values(step.members) : [step.into])),
      ];
      expect(brought).toEqual(expect.arrayContaining([...asset.files]));
    }
  });
});

function nameOf(file: SourceFile): string {
  switch (file.kind) {
    case 'url':
      return file.url;
    case 'pip':
      return file.requirement;
    case 'npm':
      return file.path;
  }
}

it('is the same digest wherever the same release is named', () => {
  const digests = new Map<string, string>();
  for (const source of assetNames.flatMap((name) => manifest[name].sources)) {
    for (const file of source.files) {
      const key = `${source.machine} ${nameOf(file)}`;
      expect(digests.get(key) ?? file.sha256).toBe(file.sha256);
      digests.set(key, file.sha256);
    }
  }
});

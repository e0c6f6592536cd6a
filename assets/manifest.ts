import type { Asset } from './asset';
import { programs } from './programs';
import { speechModels } from './speech-models';
import { textModels } from './text-models';

export type AssetName = keyof typeof programs | keyof typeof speechModels | keyof typeof textModels;

/** Every binary and weight that is not an npm dependency. */
export const manifest: Readonly<Record<AssetName, Asset>> = { ...programs, ...speechModels, ...textModels };

export const assetNames = Object.keys(manifest) as readonly AssetName[];

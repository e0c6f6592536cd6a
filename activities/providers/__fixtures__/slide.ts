import type { Picture, Theme } from '../../../domain/deck';

export const PICTURE: Picture = {
  kind: 'process',
  labels: ['Light', 'Chloroplast', 'Sugar'],
  query: 'green leaf in sunlight',
  alt: 'Light becomes sugar in three steps',
};

export const THEME: Theme = {
  name: 'plain',
  font: 'Arial',
  background: 'FFFFFF',
  text: '1F2937',
  muted: '6B7280',
  accent: '2563EB',
  accent2: 'F59E0B',
};

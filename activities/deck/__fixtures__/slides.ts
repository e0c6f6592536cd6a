import type { Picture, Slide } from '../../../domain/deck';

export const PICTURE: Picture = {
  kind: 'process',
  labels: ['Light', 'Chloroplast', 'Sugar'],
  query: 'green leaf in sunlight',
  alt: 'Light becomes sugar in three steps.',
};

export const slide = (over: Partial<Slide> = {}): Slide => ({
  id: 's1',
  layout: 'content',
  title: 'The light reactions',
  bullets: ['Chlorophyll absorbs a photon', 'Water is split'],
  notes: 'First, chlorophyll absorbs a photon. Then water is split.',
  passages: ['p1'],
  ...over,
});

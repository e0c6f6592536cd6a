const SAMPLE_RATE = 16_000;
const FFT_SIZE = 400;
/** Frequency bins of one spectrum. */
export const BINS = FFT_SIZE / 2 + 1;

// Slaney's scale: linear up to 1 kHz (mel 15), logarithmic above.
const LOG_STEP = Math.log(6.4) / 27;
const hertzToMel = (hertz: number) =>
  hertz < 1000 ? (hertz * 3) / 200 : 15 + Math.log(hertz / 1000) / LOG_STEP;
const melToHertz = (mel: number) => (mel < 15 ? (mel * 200) / 3 : 1000 * Math.exp((mel - 15) * LOG_STEP));

/** The triangular filters Whisper was trained with, row by row: `librosa.filters.mel(sr=16000, n_fft=400)`. */
export function melFilters(count: number): Float32Array {
  const top = hertzToMel(SAMPLE_RATE / 2);
  const edges = Array.from({ length: count + 2 }, (_, index) => melToHertz((top * index) / (count + 1)));
  const filters = new Float32Array(count * BINS);
  for (let filter = 0; filter < count; filter += 1) {
    const [low, peak, high] = edges.slice(filter, filter + 3) as [number, number, number];
    for (let bin = 0; bin < BINS; bin += 1) {
      const hertz = (bin * SAMPLE_RATE) / FFT_SIZE;
      const height = Math.min((hertz - low) / (peak - low), (high - hertz) / (high - peak));
      filters[filter * BINS + bin] = (Math.max(0, height) * 2) / (high - low);
    }
  }
  return filters;
}

/** Even loudness by one gain per piece, after EBU R 128: measured first, then applied, so that nothing pumps. */

/** What podcasts and lecture players aim at, in LUFS. */
export const TARGET_LUFS = -16;
/** Peaks are held below −1.5 dB of full scale, so that lossy coding does not clip. */
const PEAK_LIMIT = 0.84;
/** A piece with hardly any sound is not blown up to noise. */
const MOST_GAIN_DB = 30;

/** The filter that measures; its JSON is the last thing ffmpeg says. */
export const MEASURE_FILTER = `loudnorm=I=${TARGET_LUFS}:print_format=json`;

/** Integrated loudness in LUFS; minus infinity for silence. */
export function parseLoudness(stderr: string): number {
  const value = /"input_i"\s*:\s*"([^"]+)"/.exec(stderr)?.[1];
  if (value === undefined) throw new Error('ffmpeg did not print a loudness');
  return value === '-inf' ? -Infinity : Number(value);
}

export function gainFilter(loudnessLufs: number): string {
  const wanted = Number.isFinite(loudnessLufs) ? TARGET_LUFS - loudnessLufs : 0;
  const gain = Math.max(-MOST_GAIN_DB, Math.min(MOST_GAIN_DB, wanted));
  return `volume=${gain.toFixed(2)}dB,alimiter=limit=${PEAK_LIMIT}:level=false`;
}

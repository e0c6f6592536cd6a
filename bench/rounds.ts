/** Two ways to do the same work, in turns, so that what disturbs one disturbs the other. */

export interface Round {
  readonly directS: number;
  readonly platformS: number;
}

export interface Ways {
  direct(): Promise<number>;
  platform(): Promise<number>;
}

/** One unmeasured turn each loads the models; then each goes first in every other round. */
export async function alternate(ways: Ways, rounds: number, say: (text: string) => void): Promise<Round[]> {
  await ways.direct();
  await ways.platform();
  const done: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    const early = round % 2 === 0 ? await ways.direct() : undefined;
    const platformS = await ways.platform();
    const directS = early ?? (await ways.direct());
    done.push({ directS, platformS });
    say(`round ${round + 1}: directly ${directS.toFixed(2)} s, as a job ${platformS.toFixed(2)} s`);
  }
  return done;
}

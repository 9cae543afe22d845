import { combinationCount, eachCombination } from './combinations.ts'
import { lineFit } from './line-fit.ts'

/** What combinatorially symmetric cross-validation says about choosing the best of several trials. */
export interface OverfittingProbability {
  /** PBO: share of splits where the in-sample best is at or below the out-of-sample median. */
  readonly probability: number
  /** One per split, in lexicographic order of the in-sample blocks: ln(w / (1 − w)), w the relative out-of-sample rank of the in-sample best. */
  readonly logits: Float64Array
  /** Per-period Sharpe of the in-sample best, in and out of sample, one per split. */
  readonly inSample: Float64Array
  readonly outOfSample: Float64Array
  /** Slope of out-of-sample on in-sample Sharpe over the splits (performance degradation). NaN when the latter does not vary. */
  readonly degradationSlope: number
  /** Share of splits where the chosen trial loses out of sample. */
  readonly lossProbability: number
  readonly blocks: number
}

/**
 * PBO by CSCV (Bailey, Borwein, López de Prado & Zhu 2017; spec backtest §7). `trials` are daily returns over the same days. The days are cut
 * into `blocks` consecutive blocks (16, or 8 below 400 days; sizes differ by at most one day); of all ways to take half of them as
 * in-sample the best trial by Sharpe is chosen (the first of equals) and mid-ranked out of sample, w = rank/(N + 1).
 * A trial that does not move in a half has Sharpe 0 there. Throws RangeError with fewer than two trials, unequal lengths, NaN, an odd or
 * too small number of blocks, or fewer than two days a block-half.
 */
export function overfittingProbability(trials: readonly Float64Array[], blocks = (trials[0]?.length ?? 0) < 400 ? 8 : 16): OverfittingProbability {
  const days = trials[0]?.length ?? 0
  check(trials, blocks, days)
  const count = trials.length
  const { sums, squares, sizes } = blockSums(trials, blocks, days)
  const splits = combinationCount(blocks, blocks / 2)
  const logits = new Float64Array(splits)
  const inSample = new Float64Array(splits)
  const outOfSample = new Float64Array(splits)
  const inside = new Int32Array(blocks)
  const out = new Float64Array(count)
  let split = 0
  eachCombination(blocks, blocks / 2, (chosen) => {
    inside.fill(0)
    let inDays = 0
    for (let i = 0; i < chosen.length; i++) {
      inside[chosen[i]!] = 1
      inDays += sizes[chosen[i]!]!
    }
    let best = -1
    let bestSharpe = -Infinity
    for (let trial = 0; trial < count; trial++) {
      let inSum = 0
      let inSquare = 0
      let outSum = 0
      let outSquare = 0
      for (let block = 0, at = trial * blocks; block < blocks; block++, at++) {
        if (inside[block] === 1) {
          inSum += sums[at]!
          inSquare += squares[at]!
        } else {
          outSum += sums[at]!
          outSquare += squares[at]!
        }
      }
      out[trial] = sharpeOfSums(outSum, outSquare, days - inDays)
      const sharpe = sharpeOfSums(inSum, inSquare, inDays)
      if (sharpe > bestSharpe) {
        bestSharpe = sharpe
        best = trial
      }
    }
    const own = out[best]!
    let below = 0
    let equal = 0
    for (let trial = 0; trial < count; trial++) {
      if (out[trial]! < own) below++
      else if (out[trial] === own) equal++
    }
    const rank = (below + (equal + 1) / 2) / (count + 1)
    logits[split] = Math.log(rank / (1 - rank))
    inSample[split] = bestSharpe
    outOfSample[split] = own
    split++
  })
  const share = (values: Float64Array, hit: (value: number) => boolean): number => values.reduce((sum, value) => sum + (hit(value) ? 1 : 0), 0) / splits
  return {
    probability: share(logits, (logit) => logit <= 0),
    logits,
    inSample,
    outOfSample,
    degradationSlope: lineFit(inSample, outOfSample).slope,
    lossProbability: share(outOfSample, (sharpe) => sharpe < 0),
    blocks,
  }
}

/** Sums and sums of squares by trial and block. Daily returns are small against their deviation, so plain sums lose nothing that matters. */
function blockSums(trials: readonly Float64Array[], blocks: number, days: number) {
  const sums = new Float64Array(trials.length * blocks)
  const squares = new Float64Array(trials.length * blocks)
  const edges = Int32Array.from({ length: blocks + 1 }, (_, block) => Math.floor((block * days) / blocks))
  trials.forEach((returns, trial) => {
    for (let block = 0; block < blocks; block++) {
      let sum = 0
      let square = 0
      for (let day = edges[block]!; day < edges[block + 1]!; day++) {
        const value = returns[day]!
        sum += value
        square += value * value
      }
      sums[trial * blocks + block] = sum
      squares[trial * blocks + block] = square
    }
  })
  return { sums, squares, sizes: Int32Array.from({ length: blocks }, (_, block) => edges[block + 1]! - edges[block]!) }
}

function sharpeOfSums(sum: number, square: number, count: number): number {
  const mean = sum / count
  const variance = (square - sum * mean) / (count - 1)
  // What rounding leaves of equal returns is no variance.
  return variance > 1e-13 * mean * mean ? mean / Math.sqrt(variance) : 0
}

function check(trials: readonly Float64Array[], blocks: number, days: number): void {
  const odd = trials.find((returns) => returns.length !== days)
  if (odd !== undefined) throw new RangeError(`Cannot cross-validate: all trials must cover the same days, found ${days} and ${odd.length}`)
  if (trials.length < 2) throw new RangeError(`Cannot cross-validate: choosing needs at least two trials, found ${trials.length}`)
  if (!(Number.isInteger(blocks) && blocks >= 2 && blocks % 2 === 0 && blocks <= 20))
    throw new RangeError(`Cannot cross-validate: the number of blocks must be even, 2 to 20, found ${blocks}`)
  if (days < blocks || days < 4) throw new RangeError(`Cannot cross-validate: ${blocks} blocks need at least ${Math.max(4, blocks)} days, found ${days}`)
  if (trials.some((returns) => returns.some(Number.isNaN))) throw new RangeError('Cannot cross-validate: every return must be known, found NaN')
}

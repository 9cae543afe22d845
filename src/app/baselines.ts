import type { Calendar } from '#core/calendar.ts'
import { boardOf, exchangeOf, type Code } from '#core/code.ts'
import { labelAt, labels, numbers, type Frame } from '#core/frame.ts'
import { limitsOf } from '#core/price-limit.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { profileBaseline, type Baseline } from '#stream/baseline.ts'
import type { Engine } from '#warehouse/engine/engine.ts'
import { intradayBaselineOn } from '#warehouse/intraday-baseline.ts'
import { openingFacts } from '#warehouse/opening-facts.ts'

/** What every stock of a session is compared with, from data known before it opens. */
export interface Baselines {
  readonly baselineOf: (code: Code) => Baseline
  readonly known: KnownBefore
}

/** How many stocks are compared with what. */
export interface KnownBefore {
  /** Their own previous days. */
  readonly own: number
  /** The market-wide profile: fewer than five days of ticks. */
  readonly profile: number
  /** Of all these, those without daily bars before the day: no turnover and no range is known of them, so nothing can be found. */
  readonly unknown: number
}

/**
 * 基线 of a session: adv20, ATR, limits and thresholds of the days before, and the usual flow of each five minutes where five days of ticks exist.
 * Nothing of the day itself is used except its reference price, which the exchange publishes before the open.
 */
export async function baselinesFor(
  { engine, calendar }: { readonly engine: Engine; readonly calendar: Calendar },
  date: TradeDate,
  codes: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<Baselines> {
  const facts = await openingFacts(engine, calendar, date, codes, signal)
  const usual = await intradayBaselineOn(engine, date, codes, signal)
  const runs = runsByCode(usual)
  const code = labels(facts, 'ts_code')
  const [adv20, atrPct, prevClose, threshold, isSt, listDays] = ['adv20', 'atr_pct', 'prev_close', 'threshold', 'is_st', 'list_days'].map((name) =>
    numbers(facts, name),
  )
  const byCode = new Map<string, Baseline>()
  for (let row = 0; row < facts.length; row++) {
    const name = labelAt(code, row)! as Code
    const reference = prevClose![row]!
    const limits =
      reference > 0
        ? limitsOf({
            prevClose: Math.round(reference * 1000),
            board: boardOf(name),
            exchange: exchangeOf(name),
            date,
            isSt: isSt![row] === 1,
            ...(Number.isNaN(listDays![row]!) ? {} : { listDays: listDays![row]! }),
          })
        : undefined
    const profile = profileBaseline({
      adv20: adv20![row]!,
      atrPct: atrPct![row]!,
      prevClose: reference,
      limitUp: limits?.up === undefined ? NaN : limits.up / 1000,
      limitDown: limits?.down === undefined ? NaN : limits.down / 1000,
      isSt: isSt![row] === 1,
      ...(threshold![row]! > 0 ? { bigTradeThreshold: threshold![row]! } : {}),
    })
    byCode.set(name, { ...profile, ...ownFlow(usual, runs.get(name), profile) })
  }
  const unknown = profileBaseline()
  const known = [...byCode.values()]
  const own = known.filter(({ kind }) => kind === 'own').length
  return {
    baselineOf: (name) => byCode.get(name) ?? unknown,
    known: { own, profile: known.length - own, unknown: known.filter(({ adv20: turnover }) => Number.isNaN(turnover)).length },
  }
}

/** The stock's own five minutes where it has five days of them; the others keep the market-wide profile. */
function ownFlow(usual: Frame, run: Run | undefined, profile: Baseline): Partial<Baseline> {
  if (run === undefined) return {}
  const [bucket, mean, sigma, density] = ['bucket', 'net_ratio_mean', 'net_ratio_sigma', 'big_density_mean'].map((name) => numbers(usual, name))
  const own = {
    netRatioMean: profile.netRatioMean.slice(),
    netRatioSigma: profile.netRatioSigma.slice(),
    bigDensityMean: profile.bigDensityMean.slice(),
    kind: 'own' as const,
  }
  for (let row = run.start; row < run.end; row++) {
    own.netRatioMean[bucket![row]!] = mean![row]!
    own.netRatioSigma[bucket![row]!] = sigma![row]!
    own.bigDensityMean[bucket![row]!] = density![row]!
  }
  return own
}

interface Run {
  readonly start: number
  readonly end: number
}

/** Where each stock's rows lie in a frame ordered by code. */
function runsByCode(frame: Frame): ReadonlyMap<string, Run> {
  const code = labels(frame, 'ts_code')
  const runs = new Map<string, Run>()
  for (let start = 0; start < frame.length;) {
    let end = start + 1
    while (end < frame.length && code.index[end] === code.index[start]) end++
    runs.set(labelAt(code, start)!, { start, end })
    start = end
  }
  return runs
}

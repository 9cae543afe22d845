import type { Calendar } from '#core/calendar.ts'
import { boardOf, exchangeOf, type Code } from '#core/code.ts'
import { labelAt, labels, numbers } from '#core/frame.ts'
import { limitsOf } from '#core/price-limit.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { profileBaseline, type Baseline } from '#stream/baseline.ts'
import type { Engine } from '#warehouse/engine/engine.ts'
import { openingFacts } from '#warehouse/opening-facts.ts'

/** What every stock of a session is compared with, from data known before it opens. */
export interface Baselines {
  readonly baselineOf: (code: Code) => Baseline
  readonly stocks: number
}

/**
 * 基线 of a session: adv20, ATR, limits and thresholds of the days before, and the usual flow of each five minutes where five days of ticks exist.
 * Nothing of the day itself is used except its reference price, which the exchange publishes before the open.
 */
export async function baselinesFor({ engine, calendar }: { readonly engine: Engine; readonly calendar: Calendar }, date: TradeDate, codes: readonly string[] | undefined, signal: AbortSignal): Promise<Baselines> {
  const facts = await openingFacts(engine, calendar, date, codes, signal)
  const code = labels(facts, 'ts_code')
  const [adv20, atrPct, prevClose, threshold, isSt, listDays] = ['adv20', 'atr_pct', 'prev_close', 'threshold', 'is_st', 'list_days'].map((name) => numbers(facts, name))
  const byCode = new Map<string, Baseline>()
  for (let row = 0; row < facts.length; row++) {
    const name = labelAt(code, row)! as Code
    const reference = prevClose![row]!
    const limits =
      reference > 0
        ? limitsOf({ prevClose: Math.round(reference * 1000), board: boardOf(name), exchange: exchangeOf(name), date, isSt: isSt![row] === 1, ...(Number.isNaN(listDays![row]!) ? {} : { listDays: listDays![row]! }) })
        : undefined
    byCode.set(
      name,
      profileBaseline({
        adv20: adv20![row]!,
        atrPct: atrPct![row]!,
        prevClose: reference,
        limitUp: limits?.up === undefined ? NaN : limits.up / 1000,
        limitDown: limits?.down === undefined ? NaN : limits.down / 1000,
        isSt: isSt![row] === 1,
        ...(threshold![row]! > 0 ? { bigTradeThreshold: threshold![row]! } : {}),
      }),
    )
  }
  const unknown = profileBaseline()
  return { baselineOf: (name) => byCode.get(name) ?? unknown, stocks: byCode.size }
}

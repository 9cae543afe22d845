import { marketOf } from '#core/symbol.ts'
import type { TradeDate } from '#core/trade-date.ts'
import type { LiveView } from './views.ts'

/** 盘中: the day a market lives through, or has lived through last, which a test takes from the past: what is stored of later days is not known yet. Undefined where no market lives. */
export function livedDate(live: LiveView): TradeDate | undefined {
  const { session, kind, date } = live.state()
  return kind === 'live' && session !== 'idle' ? date : undefined
}

/** 未知: the day a test of the symbol's market plays, or has played last. What is stored of it and of later days is not known yet. Undefined where no test is. */
export function testedDate(live: LiveView, symbol: string): TradeDate | undefined {
  const { session, isTest, date } = live.state()
  if (session === 'idle' || !isTest) return undefined
  return live.minutesOf(symbol)?.date ?? (marketOf(symbol) === 'cn' ? date : undefined)
}

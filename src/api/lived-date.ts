import type { TradeDate } from '#core/trade-date.ts'
import type { LiveView } from './views.ts'

/** 盘中: the day a market lives through, or has lived through last, which a test takes from the past: what is stored of later days is not known yet. Undefined where no market lives. */
export function livedDate(live: LiveView): TradeDate | undefined {
  const { session, kind, date } = live.state()
  return kind === 'live' && session !== 'idle' ? date : undefined
}

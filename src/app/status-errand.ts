import type { Market } from '#core/market-profile.ts'
import { marketPhaseAt } from '#core/market-phase.ts'
import type { EpochMs } from '#core/trade-date.ts'
import type { App } from './app.ts'
import type { Errand } from './market-pace.ts'

/** Keeps the row of a market in `market_status`: written at once, then whenever a phase begins. `halted`: stocks without trading on the day. */
export function statusErrand({ ledger, clock }: Pick<App, 'ledger' | 'clock'>, market: Market, halted: () => number): Errand {
  let nextAt = -Infinity
  return {
    get nextAt() {
      return nextAt
    },
    advance(to) {
      const moment = marketPhaseAt(to as EpochMs, market)
      ledger.liveMarket.putStatus({ market, ...moment, halted: halted() }, clock.now())
      nextAt = moment.nextAt
    },
  }
}

import { LAST_SLOT, slotLabel } from '#core/session.ts'
import { instantOf } from '#core/shanghai-time.ts'
import { marketPhaseAt } from '#core/market-phase.ts'
import { createWorld } from '#market/world.ts'
import type { App } from './app.ts'
import { simDay } from './sim-day.ts'
import { settingsOf, type SimulatedWorld } from './simulated-source.ts'
import { stockMetadata } from './stock-metadata.ts'

/**
 * 收盘状态: leave the tables of the live market as the last completed day of the simulated market left them, and the checkpoints from which the next day starts. The same
 * rows however often it is done. A market that is live has its own states, which stay.
 */
export async function settleClose(app: App, settled: SimulatedWorld, signal: AbortSignal): Promise<void> {
  if (app.liveMarket.isRunning) return
  const { ledger, calendar, clock } = app
  const { digest } = settled
  const date = calendar.lastCompleted(clock.now())
  const mark = ledger.liveMarket.session(digest)
  if (mark !== undefined && !mark.isVirtual && mark.tradeDate >= date) return
  const world = createWorld(settingsOf(settled, calendar, date))
  const day = await simDay(world, {
    earlier: ledger.liveMarket.checkpointsBefore(digest, date),
    signal,
    keep: (checkpoints) => ledger.liveMarket.putCheckpoints(digest, date, checkpoints),
  })
  const marketAt = instantOf(date, slotLabel(LAST_SLOT))
  const version = ledger.nextVersion()
  const moment = marketPhaseAt(marketAt)
  ledger.transaction(() => {
    const now = clock.now()
    const { liveMarket } = ledger
    liveMarket.replaceMetadata('cn', stockMetadata(world, day.status))
    liveMarket.clearPrices('cn')
    liveMarket.putStates(digest, day.statesAt(LAST_SLOT, version))
    liveMarket.putPrices(day.pricesAt(LAST_SLOT, new Map()), now)
    liveMarket.putStatus({ market: 'cn', ...moment, halted: day.halted }, now)
    liveMarket.mark({ world: digest, tradeDate: date, slot: LAST_SLOT, marketAt, isVirtual: false }, now)
  })
}

import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { App } from './app.ts'
import { tableStates } from './table-states.ts'

/** Prometheus text of a world: process, tables, live session, and the simulated market while it runs. Names begin with `fupan_` (spec intraday §8) or `sim_` (spec simulator §15.5). */
export function createMetrics(app: App): () => Promise<string> {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'fupan_process_' })
  const gauge = (name: string, help: string, labelNames: string[] = []) => new Gauge({ name, help, labelNames, registers: [registry] })
  const rows = gauge('fupan_table_rows', 'Rows of a table', ['table'])
  const through = gauge('fupan_table_watermark', 'Last complete trade date of a table as YYYYMMDD, 0 = none', ['table'])
  const ticks = gauge('fupan_records_total', 'Ticks taken by the live session')
  const clients = gauge('fupan_ws_clients', 'Open sockets')
  const opportunities = gauge('fupan_opportunities', 'Opportunities of the session by state', ['state'])
  const market = liveMarketMetrics(registry)
  return async () => {
    market(app)
    for (const table of tableStates(app)) {
      rows.set({ table: table.name }, table.rows)
      through.set({ table: table.name }, table.waterMark ?? 0)
    }
    ticks.set(app.live.state().ticks)
    clients.set(app.live.clients)
    opportunities.reset()
    for (const row of app.live.snapshot().rows) opportunities.inc({ state: (row as { state: string }).state })
    return registry.metrics()
  }
}

/** The metrics of spec simulator §15.5, filled from what the live market has done in this process. */
function liveMarketMetrics(registry: Registry): (app: App) => void {
  const gauge = (name: string, help: string, labelNames: string[] = []) => new Gauge({ name, help, labelNames, registers: [registry] })
  const counter = (name: string, help: string, labelNames: string[] = []) => new Counter({ name, help, labelNames, registers: [registry] })
  const minutes = counter('sim_minutes_generated_total', 'Minutes of the simulated market that were committed')
  const rows = counter('sim_rows_written_total', 'Rows the live simulated market has written', ['table'])
  const lag = gauge('sim_lag_seconds', 'How far the simulated market is behind the clock; 0 in a played one')
  const regime = gauge('sim_regime', 'Stocks by state of their fast regime', ['state'])
  const active = gauge('sim_active_symbols', 'Stocks that have traded in the session')
  const last = gauge('sim_last_bar_timestamp', 'Label of the last committed minute, epoch seconds')
  const seconds = new Histogram({
    name: 'sim_generation_seconds',
    help: 'Time to draw a day, and to commit a minute',
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 1.5, 5, 20, 60],
    registers: [registry],
  })
  const incomplete = gauge('agg_incomplete_buckets', 'Buckets of the running session that are not over')
  const aggregation = new Histogram({
    name: 'agg_duration_seconds',
    help: 'Time of one cycle of the k-line aggregator',
    buckets: [0.05, 0.2, 0.5, 1, 3, 10],
    registers: [registry],
  })
  return ({ liveMarket, clock }) => {
    incomplete.set(liveMarket.incompleteBuckets)
    for (const spent of liveMarket.aggregationSeconds.splice(0)) aggregation.observe(spent)
    minutes.reset()
    minutes.inc(liveMarket.minutes)
    rows.reset()
    for (const [table, count] of Object.entries(liveMarket.rows)) rows.inc({ table }, count)
    lag.set(liveMarket.lag(clock.now()))
    regime.reset()
    for (const [state, count] of Object.entries(liveMarket.regimes)) regime.set({ state }, count)
    active.set(liveMarket.activeSymbols)
    if (liveMarket.lastBarAt !== undefined) last.set(liveMarket.lastBarAt / 1000)
    for (const spent of liveMarket.generationSeconds.splice(0)) seconds.observe(spent)
  }
}

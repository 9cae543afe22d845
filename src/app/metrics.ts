import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { App } from './app.ts'
import { tableStates } from './table-states.ts'

/** Prometheus text of a world: process, tables, live session. Names begin with `fupan_` (spec intraday §8). */
export function createMetrics(app: App): () => Promise<string> {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'fupan_process_' })
  const gauge = (name: string, help: string, labelNames: string[] = []) => new Gauge({ name, help, labelNames, registers: [registry] })
  const rows = gauge('fupan_table_rows', 'Rows of a table', ['table'])
  const through = gauge('fupan_table_watermark', 'Last complete trade date of a table as YYYYMMDD, 0 = none', ['table'])
  const ticks = gauge('fupan_records_total', 'Ticks taken by the live session')
  const clients = gauge('fupan_ws_clients', 'Open sockets')
  const opportunities = gauge('fupan_opportunities', 'Opportunities of the session by state', ['state'])
  return async () => {
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

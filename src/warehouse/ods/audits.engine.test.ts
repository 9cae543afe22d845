import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { frameOf, toLabels } from '#core/frame.ts'
import { runAudits } from '../audit.ts'
import { dimTables } from '../dim/index.ts'
import { DATABASE, type Engine } from '../engine/engine.ts'
import { openEngine } from '../engine/open-engine.ts'
import { createStaging } from '../publish.ts'
import { createTables } from '../schema.ts'
import type { Table } from '../table.ts'
import { odsTables } from './index.ts'
import { odsDaily } from './ods_daily.ts'
import { odsQuote } from './ods_quote.ts'
import { odsTick } from './ods_tick.ts'

const folder = mkdtempSync(join(tmpdir(), 'fupan-ods-'))
const tables: readonly Table[] = [...dimTables, ...odsTables]
let engine: Engine
let version = 0

beforeAll(async () => {
  engine = await openEngine({ directory: join(folder, 'engine'), threadPoolSize: Number(process.env['UV_THREADPOOL_SIZE']) })
  await createTables(engine, tables)
})

afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Names of the audits that find fault with these rows, with how many. */
async function faults(table: Table, columns: Parameters<typeof frameOf>[0]): Promise<Record<string, number>> {
  const staging = await createStaging(engine, table, ++version)
  await engine.insert(staging, frameOf(columns))
  const results = await runAudits(engine, table, staging)
  return Object.fromEntries(results.filter(({ offending }) => offending > 0).map(({ audit, offending }) => [audit, offending]))
}

test.each(tables.map((table) => [table.name, table] as const))(
  '%s has audits the engine understands and that find nothing in an empty table',
  async (name, table) => {
    for (const audit of table.audits) expect(await engine.rows(audit.sql.replaceAll('{table}', `${DATABASE}.${name}`)), audit.name).toEqual([])
  },
)

const days = (...dates: number[]) => Uint32Array.from(dates)
const reals = (...values: number[]) => Float64Array.from(values)

test('ods_daily audits find shares in a column of lots, a high below the low and a price of zero', async () => {
  const good = {
    trade_date: days(20251022),
    ts_code: toLabels(['600519.SH']),
    open: reals(1462.08),
    high: reals(1465.73),
    low: reals(1456),
    close: reals(1458.7),
    vol: reals(18194.92),
    amount: reals(2657486.636),
  }
  expect(await faults(odsDaily, good)).toEqual({})
  expect(await faults(odsDaily, { ...good, vol: reals(1819492) })).toEqual({ units: 1 })
  expect(await faults(odsDaily, { ...good, high: reals(1400) })).toMatchObject({ high_not_below_low: 1 })
  expect(await faults(odsDaily, { ...good, open: reals(0) })).toEqual({ positive_prices: 1 })
})

test('ods_tick audits find an amount that is not in 厘 and a side nobody knows', async () => {
  const tick = {
    trade_date: days(20230201),
    ts_code: toLabels(['600519.SH']),
    grain: toLabels(['TBT']),
    source: toLabels(['l2_sh']),
    at: reals(1675214700940),
    seq: Uint32Array.of(0),
    price: Int32Array.of(1_854_980),
    volume: reals(100),
    amount: reals(185_498_000),
    amount_est: Uint8Array.of(0),
    vendor_side: toLabels([undefined]),
  }
  expect(await faults(odsTick, tick)).toEqual({})
  expect(await faults(odsTick, { ...tick, amount: reals(185_498) })).toEqual({ units: 1 })
  expect(await faults(odsTick, { ...tick, vendor_side: toLabels(['N']) })).toEqual({ known_side: 1 })
})

test('ods_quote audits find a cumulative volume that falls within a source, and a crossed book', async () => {
  const quotes = (cumVolume: number[], ask: number[]) => ({
    trade_date: days(20230201, 20230201, 20230201),
    ts_code: toLabels(['600519.SH', '600519.SH', '600519.SH']),
    source: toLabels(['l2_sh', 'l2_sh', 'poll']),
    at: reals(1, 2, 3),
    seq: Uint32Array.of(0, 1, 0),
    cum_volume: Float64Array.from(cumVolume),
    cum_amount: reals(0, 0, 0),
    bid1: reals(1_850_500, 1_850_500, 0),
    ask1: Float64Array.from(ask),
  })
  expect(await faults(odsQuote, quotes([100, 200, 50], [1_850_830, 1_850_500, 0]))).toEqual({})
  expect(await faults(odsQuote, quotes([200, 100, 50], [1_850_830, 1_850_400, NaN]))).toEqual({ volume_never_falls: 1, not_crossed: 1 })
})

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Frame } from '#core/frame.ts'
import { tradeDate, type TradeDate } from '#core/trade-date.ts'
import { literalRows, type LiteralRow } from '../../tests/laws/literal-rows.ts'
import { WarehouseRig } from '../../tests/laws/warehouse-rig.ts'
import { buildTable, type BuildResult } from './build.ts'
import { code, date, nullable, number, text } from './column.ts'
import type { Engine } from './engine/engine.ts'
import { dropOrphans, Load, publishAgain } from './load.ts'
import { createStaging, publish, type Published } from './publish.ts'
import { createTables } from './schema.ts'
import { between, defineTable, unique, type Table } from './table.ts'

/** A table of our own, in two partitions, with a number and a text that may be missing. */
const notes = defineTable({
  name: 'test_notes',
  layer: 'dwd',
  label: { zh: '试验', en: 'Trial' },
  about: 'One row per stock and day.',
  grain: ['trade_date', 'ts_code'],
  partition: 'year',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    ts_code: code('证券代码', 'Code'),
    value: nullable(number('值', 'Value')),
    note: nullable(text('注', 'Note')),
  },
  inputs: [],
  build: { by: 'compute', version: '1', compute: () => built() },
  audits: [unique('trade_date', 'ts_code'), between('value', 0, 1000)],
  readyAt: '17:00',
})

/** What the next build computes. */
let wanted: readonly LiteralRow[] = []
let failAfter = Infinity

async function* built(): AsyncIterable<Frame> {
  await Promise.resolve()
  for (const [i, row] of wanted.entries()) {
    if (i >= failAfter) throw new Error('the computation broke')
    yield literalRows(notes, [row])
  }
}

const dates = [20251230, 20251231, 20260105, 20260106].map(tradeDate)
const row = (trade_date: number, ts_code: string, value: number | null, note: string | null = null): LiteralRow => ({ trade_date, ts_code, value, note })
const everything = dates.flatMap((day, d) => ['600001.SH', '600002.SH', '600003.SH'].map((stock, s) => row(day, stock, 10 * d + s)))

let rig: WarehouseRig
let engine: Engine

beforeAll(async () => {
  rig = await WarehouseRig.open()
  engine = rig.engine
  await createTables(engine, [notes])
})

afterAll(() => rig.close())

beforeEach(async () => {
  failAfter = Infinity
  await engine.exec('truncate table fupan.test_notes')
})

async function load(rows: readonly LiteralRow[], table: Table = notes): Promise<Published> {
  const loading = new Load(engine, rig.nextVersion())
  await loading.add(table, literalRows(table, rows))
  const published = await loading.publish()
  await loading.discard()
  return published.get(table)!
}

function build(rows: readonly LiteralRow[], days: readonly TradeDate[] = dates, codes?: readonly string[]): Promise<BuildResult> {
  wanted = rows
  return buildTable(engine, notes, { dates: days, scope: 'all', version: rig.nextVersion(), progress() {}, ...(codes === undefined ? {} : { codes }) })
}

const visible = () => engine.rows<LiteralRow>('select trade_date, ts_code, value, note from fupan.test_notes order by trade_date, ts_code')
const versions = () => engine.rows<{ ver: number }>('select distinct ver from fupan.test_notes order by ver')
const inOrder = (rows: readonly LiteralRow[]) =>
  rows.toSorted((a, b) => Number(a['trade_date']) - Number(b['trade_date']) || (String(a['ts_code']) < String(b['ts_code']) ? -1 : 1))

describe('a load', () => {
  test('of new rows shows them all, in every partition', async () => {
    expect(await load(everything)).toEqual({ staged: 12, written: 12, unchanged: 0, deleted: 0, duplicates: 0, changed: dates })
    expect(await visible()).toEqual(inOrder(everything))
  })

  test('of the same rows again changes nothing and keeps their version', async () => {
    await load(everything)
    const before = await versions()
    expect(await load(everything.toReversed())).toEqual({ staged: 12, written: 0, unchanged: 12, deleted: 0, duplicates: 0, changed: [] })
    expect(await versions()).toEqual(before)
  })

  test('sees any change, were it of the last bit or of what is known, and nothing else', async () => {
    const stock = (i: number) => `60000${i}.SH`
    const day = 20260105
    const pairs = [
      [row(day, stock(1), 20, 'a'), row(day, stock(1), 21, 'a')],
      [row(day, stock(2), 0.3, 'a'), row(day, stock(2), 0.1 + 0.2, 'a')],
      [row(day, stock(3), null, 'a'), row(day, stock(3), 0, 'a')],
      [row(day, stock(4), 0, 'a'), row(day, stock(4), null, 'a')],
      [row(day, stock(5), 1, null), row(day, stock(5), 1, '')],
      [row(day, stock(6), null, null), row(day, stock(6), null, null)],
    ] as const
    await load(pairs.map(([before]) => before))
    expect(await load(pairs.map(([before]) => before))).toMatchObject({ written: 0, unchanged: 6 })
    expect(await load(pairs.map(([, after]) => after))).toMatchObject({ written: 5, unchanged: 1, changed: [20260105] })
    expect(await visible()).toEqual(pairs.map(([, after]) => after))
  })

  test('that repeats a key keeps the last row and counts the others', async () => {
    expect(
      await load([row(20260105, '600001.SH', 1), row(20260105, '600002.SH', 5), row(20260105, '600001.SH', 2), row(20260105, '600001.SH', 3)]),
    ).toMatchObject({ staged: 4, written: 2, duplicates: 2 })
    expect(await visible()).toEqual([row(20260105, '600001.SH', 3), row(20260105, '600002.SH', 5)])
  })

  test('never takes away what it does not mention', async () => {
    await load(everything)
    expect(await load([row(20260105, '600001.SH', 99)])).toMatchObject({ written: 1, deleted: 0 })
    expect(await visible()).toHaveLength(12)
  })

  test('that is discarded leaves nothing behind', async () => {
    const loading = new Load(engine, rig.nextVersion())
    await loading.add(notes, literalRows(notes, everything))
    expect(await visible()).toEqual([])
    await loading.discard()
    expect(await visible()).toEqual([])
    expect(await rig.leftovers()).toEqual([])
  })

  test('of a column the table has not, or without one it needs, says which', async () => {
    const loading = new Load(engine, rig.nextVersion())
    const { trade_date, ts_code } = literalRows(notes, everything).columns
    await expect(loading.add(notes, { length: 12, columns: { trade_date: trade_date!, ts_code: ts_code!, volume: new Float64Array(12) } })).rejects.toThrow(
      'it has no column "volume"',
    )
    await expect(loading.add(notes, { length: 12, columns: { trade_date: trade_date! } })).rejects.toThrow('column "ts_code" is never missing')
    expect(await rig.leftovers()).toEqual([])
  })
})

describe('a build', () => {
  test('removes what was not built again, within its days and stocks only', async () => {
    await build(everything)
    const kept = everything.filter(({ trade_date, ts_code }) => !(trade_date === 20260105 && ts_code === '600002.SH'))
    const again = kept.filter(({ trade_date }) => trade_date === 20260105)
    expect(await build(again, [tradeDate(20260105)])).toMatchObject({ published: { written: 0, unchanged: 2, deleted: 1, changed: [20260105] } })
    expect(await visible()).toEqual(inOrder(kept))
    expect(await build([], [tradeDate(20260106)], ['600003.SH'])).toMatchObject({ published: { deleted: 1, changed: [20260106] } })
    expect(await visible()).toEqual(inOrder(kept.filter(({ trade_date, ts_code }) => !(trade_date === 20260106 && ts_code === '600003.SH'))))
  })

  test('brings a removed row back, and removes it again', async () => {
    for (const rows of [everything, everything.slice(1), everything]) {
      await build(rows)
      expect(await visible()).toEqual(inOrder(rows))
    }
    expect(await build(everything)).toMatchObject({ published: { written: 0, deleted: 0, changed: [] } })
  })

  test('whose rows break an audit publishes none of them and leaves no staging table', async () => {
    await build(everything)
    const before = await visible()
    const result = await build([...everything.slice(1), row(20260105, '600009.SH', 5000)])
    expect(result).toMatchObject({ type: 'audit-failed' })
    expect(result.audits.find(({ offending }) => offending > 0)).toMatchObject({
      table: 'test_notes',
      audit: 'between(value)',
      offending: 1,
      sample: [{ ts_code: '600009.SH', value: 5000 }],
    })
    expect(await build([row(20260105, '600001.SH', 1), row(20260105, '600001.SH', 2)])).toMatchObject({ type: 'audit-failed' })
    expect(await visible()).toEqual(before)
    expect(await rig.leftovers()).toEqual([])
  })

  test('that breaks half-way publishes nothing and leaves no staging table', async () => {
    await build(everything)
    const before = await visible()
    failAfter = 3
    await expect(build(everything.map((each) => ({ ...each, value: 1 })))).rejects.toThrow('the computation broke')
    expect(await visible()).toEqual(before)
    expect(await rig.leftovers()).toEqual([])
  })

  test('of nothing changes nothing', async () => {
    expect(await build([])).toMatchObject({ published: { staged: 0, written: 0, deleted: 0, changed: [] } })
  })
})

describe('a publication that dies', () => {
  /** Some rows stay, some change, some are new; two partitions, one of them fresh. */
  const before = everything.filter(({ trade_date }) => trade_date !== 20251230 && trade_date !== 20251231)
  const after = everything.map((each) => (each['ts_code'] === '600002.SH' ? { ...each, value: 77 } : each))

  test.each([0, 1, 2, 3, 4, 5, 6, 7])('at its statement %i is finished by doing it again, and tells the same story', async (survived) => {
    await load(before)
    const version = rig.nextVersion()
    const staging = await createStaging(engine, notes, version)
    await engine.insert(staging, literalRows(notes, after))
    await publish(dyingAfter(survived), notes, staging, version).catch(() => undefined)
    const finished = await publishAgain(engine, notes, staging, version)
    expect(finished).toEqual({ staged: 12, written: 8, unchanged: 4, deleted: 0, duplicates: 0, changed: dates })
    expect(await publishAgain(engine, notes, staging, version)).toEqual(finished)
    expect(await visible()).toEqual(inOrder(after))
    expect(await dropOrphans(engine, new Set())).toEqual([staging])
    expect(await publishAgain(engine, notes, staging, version)).toBeUndefined()
  })

  test('was going to do more than one statement', async () => {
    await load(before)
    const version = rig.nextVersion()
    const staging = await createStaging(engine, notes, version)
    await engine.insert(staging, literalRows(notes, after))
    await expect(publish(dyingAfter(3), notes, staging, version)).rejects.toThrow('killed')
    await dropOrphans(engine, new Set())
  })

  /** The same engine, until it has answered so many times. */
  function dyingAfter(statements: number): Engine {
    let left = statements
    return new Proxy(engine, {
      get(target, name) {
        const method = target[name as keyof Engine]
        if (typeof method !== 'function') return method
        return (...given: unknown[]) => (left-- > 0 ? (method as (...args: unknown[]) => unknown).apply(target, given) : Promise.reject(new Error('killed')))
      },
    })
  }
})

test('dropOrphans() spares the staging tables that are still needed', async () => {
  const [kept, orphan] = [await createStaging(engine, notes, rig.nextVersion()), await createStaging(engine, notes, rig.nextVersion())]
  expect(await dropOrphans(engine, new Set([kept]))).toEqual([orphan])
  expect(await rig.leftovers()).toEqual([kept])
  await dropOrphans(engine, new Set())
})

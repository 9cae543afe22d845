import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { migrations } from './schema.ts'
import { D, TestLedger } from './test-ledger.ts'

test('checkpointsBefore() gives those of the latest earlier day, and neither damaged ones nor those of another world', () => {
  using own = new TestLedger()
  const { liveMarket } = own.ledger
  const checkpoint = (day: number) => ({ day, close: 10_000 / 3, overshoot: -0, levels: [NaN, 1e-300], regime: { state: 'bull', timer: 7 } })
  for (const date of [20260105, 20260106, 20260107])
    liveMarket.putCheckpoints('w', D(date), [
      ['600000.SH', checkpoint(date)],
      ['000001.SZ', checkpoint(-date)],
    ])
  const kept = (world: string, before: number) => ['600000.SH', '000001.SZ'].map((code) => liveMarket.checkpointsBefore(world, D(before)).get(code))
  expect(kept('w', 20260107)).toEqual([checkpoint(20260106), checkpoint(-20260106)])
  expect(liveMarket.checkpointsBefore('w', D(20260107)).get('300001.SZ')).toBeUndefined()
  expect(kept('other', 20260107)).toEqual([undefined, undefined])
  expect(kept('w', 20260105)).toEqual([undefined, undefined])
  const file = new DatabaseSync(join(own.directory, 'ledger', 'ledger.sqlite'))
  file.exec("update sim_checkpoint set body = cast(substr(body, 1, length(body) - 1) || x'01' as blob) where trade_date = 20260106 and symbol = '600000.SH'")
  file.close()
  expect(kept('w', 20260107)).toEqual([undefined, checkpoint(-20260106)])
})

test('putCheckpoints() keeps three days, and none of another world', () => {
  using own = new TestLedger()
  const { liveMarket } = own.ledger
  for (const date of [20260105, 20260106, 20260107, 20260108]) liveMarket.putCheckpoints('w', D(date), [['600000.SH', { day: date }]])
  const days = () => own.ledger.readTable('sim_checkpoint', 10).rows.map(([date]) => date)
  expect(days()).toEqual([20260108, 20260107, 20260106])
  liveMarket.putCheckpoints('new', D(20260105), [['600000.SH', { day: 1 }]])
  expect(days()).toEqual([20260105])
})

test('session() is that of its own world, and a minute that fails leaves nothing of itself', () => {
  using own = new TestLedger()
  const { ledger } = own
  const mark = { world: 'w', tradeDate: D(20260105), slot: 3, marketAt: 5, isVirtual: true }
  ledger.liveMarket.mark(mark, 1)
  expect(ledger.liveMarket.session('w')).toEqual(mark)
  expect(ledger.liveMarket.session('v')).toBeUndefined()
  const price = { symbol: '600000.SH', price: 10.01, previousClose: 10, open: 10, high: 11, low: 9, volume: 100, amount: 1001, bid1: NaN, ask1: 10.02, at: 7 }
  expect(() =>
    ledger.transaction(() => {
      ledger.liveMarket.putPrices([price], 8)
      ledger.liveMarket.mark({ ...mark, slot: 4 }, 2)
      throw new Error('power cut')
    }),
  ).toThrow('power cut')
  expect(ledger.liveMarket.session('w')!.slot).toBe(3)
  expect(ledger.readTable('stock_realtime_price', 9).rows).toEqual([])
  ledger.liveMarket.putPrices([price, { ...price, symbol: '000001.SZ', previousClose: NaN }], 8)
  expect(ledger.readTable('stock_realtime_price', 9).rows.map((row) => row.slice(0, 5))).toEqual([
    ['600000.SH', 10.01, 10, 0.01, 10.01 / 10 - 1],
    ['000001.SZ', 10.01, null, null, null],
  ])
})

test('foreignSession() is that of its market and world; the lists and prices of a market change without those of others', () => {
  using own = new TestLedger()
  const { liveMarket } = own.ledger
  const mark = { world: 'w', market: 'crypto', tradeDate: D(20260105), slot: 1440, marketAt: 5, isVirtual: false }
  liveMarket.markForeign(mark, 1)
  liveMarket.markForeign({ ...mark, market: 'us', slot: -1, isVirtual: true }, 2)
  expect(liveMarket.foreignSession('w', 'crypto')).toEqual(mark)
  expect(liveMarket.foreignSession('w', 'us')).toMatchObject({ slot: -1, isVirtual: true })
  expect([liveMarket.foreignSession('v', 'us'), liveMarket.foreignSession('w', 'hk'), liveMarket.session('w')]).toEqual([undefined, undefined, undefined])
  const listed = { listDate: D(20260105), delistDate: undefined, status: 'listed', isActive: true }
  const size = { basePrice: 1, baseVolatility: 0.2, baseVolume: 1, tick: 0.01, lot: 1e-6 }
  const stock = (symbol: string, market: string) => ({ symbol, name: symbol, market, board: 'main', industry: '', sectorCode: '', ...size, ...listed })
  liveMarket.replaceMetadata('cn', [stock('600000.SH', 'cn'), stock('600001.SH', 'cn')])
  liveMarket.replaceMetadata('crypto', [stock('BTCUSDT', 'crypto')])
  liveMarket.replaceMetadata('cn', [stock('600000.SH', 'cn')])
  const listedNow = () => own.ledger.readTable('stock_metadata', 9).rows.map(([symbol, , , , , , , , , , lot]) => [symbol, lot])
  expect(listedNow()).toEqual([
    ['BTCUSDT', 1e-6],
    ['600000.SH', 1e-6],
  ])
  const bar = { price: 2, previousClose: 1, open: 1, high: 2, low: 1, volume: 1, amount: 2, bid1: NaN, ask1: NaN, at: 7 }
  const priced = () => own.ledger.readTable('stock_realtime_price', 9).rows.map(([symbol]) => symbol)
  liveMarket.putPrices(
    ['600000.SH', '600001.SH', 'BTCUSDT'].map((symbol) => ({ symbol, ...bar })),
    8,
  )
  liveMarket.clearPrices('cn')
  expect(priced()).toEqual(['BTCUSDT'])
  liveMarket.clearPrices('crypto')
  expect(priced()).toEqual([])
})

test('a ledger made before coins had a list keeps its list of stocks', () => {
  using own = new TestLedger()
  own.ledger.close()
  const path = join(own.directory, 'ledger', 'ledger.sqlite')
  const file = new DatabaseSync(path)
  file.exec('drop table sim_foreign_session; drop table stock_metadata')
  file.exec(/create table stock_metadata \([^;]*/.exec(migrations[2]!)![0])
  file.exec("insert into stock_metadata values ('600000.SH', '甲', 'cn', 'main', '银行', '801780', 10, 0.2, 1e6, 0.01, 100, 20200101, null, 'listed', 1)")
  file.exec('pragma user_version = 3')
  file.close()
  expect(own.another(1).readTable('stock_metadata', 9).rows).toEqual([
    ['600000.SH', '甲', 'cn', 'main', '银行', '801780', 10, 0.2, 1e6, 0.01, 100, 20200101, null, 'listed', 1],
  ])
})

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Code } from '#core/code.ts'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import { tradeDate } from '#core/trade-date.ts'
import { eastmoneyListRow, eastmoneyStockRow, readEastmoneyBars, readEastmoneyList, readEastmoneyStock, readEastmoneyTrades } from './eastmoney-quotes.ts'
import { decodeGbk, encodeGbk } from './gbk.ts'
import { readSinaQuotes, sinaLine } from './sina-quotes.ts'
import { readTencentQuotes, tencentLine } from './tencent-quotes.ts'
import type { VendorQuote } from './vendor-quote.ts'

const folder = join(process.env.FUPAN_SHARED ?? '../shared', 'fixtures/quotes')
const recorded = test.skipIf(!existsSync(folder))
const text = (name: string) => (name.includes('.gbk.') ? decodeGbk(readFileSync(join(folder, name))) : readFileSync(join(folder, name), 'utf8'))
const date = tradeDate(20260910)

const quote: VendorQuote = {
  code: '600519.SH' as Code,
  name: '贵州茅台',
  at: instantOf(date, clockTime('10:55:12')),
  last: 1285.57,
  prevClose: 1290.88,
  open: 1291,
  high: 1294.99,
  low: 1283.01,
  volume: 897_800,
  amount: 1_154_581_680,
  bids: [1285.56, 1285.5, 1285.47, 1285.46, 1285.4].map((price, k) => ({ price, volume: [200, 200, 100, 200, 100][k]! })),
  asks: [1285.58, 1285.65, 1285.71, 1285.8, 1286].map((price, k) => ({ price, volume: [100, 300, 100, 100, 400][k]! })),
  limitUp: 1419.97,
  limitDown: 1161.79,
  outerVolume: 358_300,
  innerVolume: 539_500,
  totalShares: 1_250_081_601,
  floatShares: 1_250_081_601,
}

recorded('readTencentQuotes() reads the recorded rows of the morning of 2026-09-10 (needs FUPAN_SHARED)', () => {
  const { quotes, bad } = readTencentQuotes(text('tencent/qt_20260910_105512.gbk.txt'))
  expect(bad).toEqual([])
  expect(quotes).toHaveLength(4)
  expect(quotes[0]).toEqual(quote)
})

recorded(
  'readTencentQuotes() rejects the shifted row of the closing auction, reads STAR volumes in shares and rows of 2018, 2025 and 2026 (needs FUPAN_SHARED)',
  () => {
    const auction = readTencentQuotes(text('tencent/qt_closing_auction_20260902_145700.gbk.txt'))
    expect(auction.quotes.map(({ code }) => code)).not.toContain('000400.SZ')
    expect(auction.quotes.map(({ code }) => code)).toContain('000858.SZ')
    expect(auction.bad.map(({ found }) => /sz000400/.test(found))).toEqual([true])
    const close = readTencentQuotes(text('tencent/qt_close_20260924.gbk.txt'))
    expect(close.quotes.find(({ code }) => code === '688981.SH')).toMatchObject({ volume: 18_660_976, last: 119.98 })
    expect(close.quotes.find(({ code }) => code === '001216.SZ')).toMatchObject({ volume: 42_858_000, amount: 1_222_641_481 })
    for (const name of ['qt_20250425_000858', 'qt_legacy_20180615_000858', 'qt_20260806_600519']) {
      const read = readTencentQuotes(text(`tencent/${name}.gbk.txt`))
      expect([read.quotes.length, read.bad.length], name).toEqual([1, 0])
    }
    expect(readTencentQuotes(text('tencent/qt_none_match.txt'))).toEqual({ quotes: [], bad: [] })
  },
)

recorded('readEastmoneyList() and readEastmoneyStock() read recorded decimals, whole numbers and JSONP (needs FUPAN_SHARED)', () => {
  const decimals = readEastmoneyList(text('eastmoney/ulist_np_fltt2_600519_20260910.json'), true)
  expect(decimals.quotes).toMatchObject([{ code: '600519.SH', last: 1283.98, volume: 1_070_100, amount: 1_375_928_521, prevClose: 1290.88 }])
  const list = readEastmoneyList(text('eastmoney/clist_sh_main_20240808.jsonp.txt'), true)
  expect(list.total).toBe(2384)
  expect(list.quotes.length).toBeGreaterThan(1)
  expect(list.quotes[0]).toMatchObject({ code: '600107.SH', name: '美尔雅', last: 3.69, high: 3.69, low: 3.48 })
  const stock = readEastmoneyStock(text('eastmoney/stock_get_fltt2_600519_20260914.json'), 1)
  expect(stock.quotes).toMatchObject([{ code: '600519.SH', last: 1275.38, limitUp: 1402.68, limitDown: 1147.64, volume: 1_333_300 }])
})

recorded('readEastmoneyBars() and Sina agree with what was recorded (needs FUPAN_SHARED)', () => {
  expect(readEastmoneyBars(text('eastmoney/trends2_600519_20260910.json'), 'trends')).toEqual([
    { time: '2026-09-10 09:30', open: 1291, close: 1291, high: 1291, low: 1291, volume: 9000, amount: 11_619_000 },
    { time: '2026-09-10 09:31', open: 1292, close: 1293.6, high: 1294.99, low: 1291.99, volume: 33_700, amount: 43_592_205 },
  ])
  expect(readEastmoneyBars(text('eastmoney/kline_600519_20260317.json'), 'klines')[0]).toEqual({
    time: '2026-03-17',
    open: 1468,
    close: 1485,
    high: 1498.07,
    low: 1461.19,
    volume: 4_945_400,
    amount: 7_347_310_632,
  })
  expect(readEastmoneyTrades(text('eastmoney/details_sse_no_trades_000667.txt').split('\n')[0]!.replace('data: ', ''))).toEqual([])
  const sina = readSinaQuotes(text('sina/hq_162411_20190312.gbk.txt'))
  expect(sina.quotes).toMatchObject([{ code: '162411.SZ', last: 0.491, volume: 133_819_867, amount: 65_623_147.285 }])
  const untraded = readSinaQuotes(text('sina/hq_empty_and_untraded_20190408.gbk.txt'))
  expect(untraded.quotes.map(({ code, last, volume }) => [code, last, volume])).toEqual([
    ['160922.SZ', 0, 0],
    ['160924.SZ', 0, 0],
  ])
})

test('what a fake vendor writes is read as the same quote', () => {
  expect(readTencentQuotes(tencentLine(quote))).toEqual({ quotes: [quote], bad: [] })
  expect(readEastmoneyStock(JSON.stringify({ rc: 0, data: eastmoneyStockRow(quote) }), 1)).toEqual({ quotes: [quote], bad: [] })
  const { totalShares, floatShares, limitUp, limitDown, bids, asks, ...listed } = quote
  const [read] = readEastmoneyList(JSON.stringify({ rc: 0, data: { total: 1, diff: [eastmoneyListRow(quote)] } }), true).quotes
  expect(read).toMatchObject({ ...listed, bids: [{ price: bids[0]!.price }], asks: [{ price: asks[0]!.price }] })
  expect([totalShares, floatShares, limitUp, limitDown].every((value) => value > 0)).toBe(true)
  const { outerVolume, innerVolume, ...plain } = quote
  expect(readSinaQuotes(sinaLine(quote)).quotes[0]).toMatchObject({ ...plain, limitUp: NaN, limitDown: NaN, totalShares: NaN, floatShares: NaN })
  expect(outerVolume + innerVolume).toBe(quote.volume)
})

test('what was not traded yet is read as last 0, from every vendor', () => {
  const before = { ...quote, last: 0, open: 0, high: 0, low: 0, volume: 0, amount: 0, outerVolume: 0, innerVolume: 0, bids: [], asks: [] }
  for (const read of [
    readTencentQuotes(tencentLine(before)),
    readSinaQuotes(sinaLine(before)),
    readEastmoneyStock(JSON.stringify({ rc: 0, data: eastmoneyStockRow(before) }), 1),
    readEastmoneyList(JSON.stringify({ rc: 0, data: { total: 1, diff: [eastmoneyListRow(before)] } }), true),
  ]) {
    expect(read.bad).toEqual([])
    expect(read.quotes).toMatchObject([{ last: 0, volume: 0, prevClose: 1290.88, open: 0 }])
  }
})

test('readers give back what they cannot read and never throw on a line of rubbish', () => {
  const shifted = tencentLine(quote).replace('~1285.56~', '~0.00~1285.56~')
  for (const line of [shifted, 'v_sh600519="1~2~3";', tencentLine(quote).replace('20260910105512', '20261399999999'), tencentLine({ ...quote, high: 1200 })])
    expect([readTencentQuotes(line).quotes.length, readTencentQuotes(line).bad.length], line).toEqual([0, 1])
  expect(readTencentQuotes('<html>502 Bad Gateway</html>')).toEqual({ quotes: [], bad: [] })
  expect(readSinaQuotes('var hq_str_sh600519="a,b";').bad).toHaveLength(1)
  expect(readEastmoneyList('{"rc":102,"data":null}', true)).toEqual({ quotes: [], bad: [], total: NaN })
})

test('encodeGbk() is what the decoder undoes; what GBK lacks becomes a question mark', () => {
  const names = '贵州茅台 N万科Ａ *ST闽灿 丂龥'
  expect(decodeGbk(encodeGbk(names))).toBe(names)
  expect(encodeGbk('😀').toString('latin1')).toBe('?')
})

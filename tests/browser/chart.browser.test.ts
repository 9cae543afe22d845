import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { answer } from './answers.ts'
import { browserTests } from './browser-tests.ts'
import { answerBars } from './fake-bars.ts'
import { keepPicture, missingGlyphs } from './open-browser.ts'
import { replies } from './replies.ts'
import { servePages } from './serve-pages.ts'

// The candlestick component of spec simulator §19, every request answered by the test.
const pages = await browserTests(servePages)
const { browserTest } = pages

const soon = { timeout: 8_000 }
const LAST = Date.UTC(2026, 0, 5, 7)

async function chartPage(options: { days?: number; finalTo?: number; bars?: readonly object[] } = {}) {
  const opened = await pages.answeredPage(undefined, options.bars)
  return { ...opened, fake: await answerBars(opened.page, options) }
}

async function drawn(page: Page, interval: string) {
  await page.locator('figure[aria-busy="false"]').waitFor()
  await page.getByRole('radio', { name: interval, exact: true, checked: true }).waitFor()
}

const switchTo = async (page: Page, interval: string) => {
  await page.getByRole('radio', { name: interval, exact: true }).click()
  await drawn(page, interval)
}

/** Drag the chart to the right: towards the past. */
async function drag(page: Page, by = 700) {
  const box = (await page.getByRole('figure').boundingBox())!
  await page.mouse.move(box.x + 80, box.y + 300)
  await page.mouse.down()
  await page.mouse.move(box.x + 80 + by, box.y + 300, { steps: 6 })
  await page.mouse.up()
}

const legend = (page: Page) => page.getByRole('figure').locator('b').first()

browserTest('the first paint is one request of 200 bars, and the address keeps the interval', async () => {
  const { page, fake, complaints } = await chartPage()
  await page.goto(`${pages.url}/stock/600519.SH?interval=5m`)
  await drawn(page, '5分')
  expect(fake.asked).toMatchObject([{ interval: '5m', limit: 200, count: 200 }])
  // The browser of these tests lives in New York.
  expect(await legend(page).innerText()).toBe('2026-01-05 15:00')
  await switchTo(page, '60分')
  expect(page.url()).toContain('interval=60m')
  await page.reload()
  await drawn(page, '60分')
  await expect.poll(() => missingGlyphs(page), soon).toEqual([])
  await keepPicture(page, 'chart-60m')
  expect(complaints).toEqual([])
})

browserTest('keys walk the intervals, and levels, tests and order flow are there on the day chart alone', async () => {
  const { page } = await chartPage()
  await page.goto(`${pages.url}/stock/600519.SH`)
  await drawn(page, '日')
  await page.getByRole('figure').getByText('大单净额').waitFor()
  await page.getByText('价位测试').first().waitFor()
  await page.keyboard.press(',')
  await drawn(page, '120分')
  expect(await page.getByRole('figure').getByText('大单净额').count()).toBe(0)
  expect(await page.getByRole('button', { name: '价位', exact: true }).count()).toBe(0)
  expect(await page.getByText('价位测试').count()).toBe(0)
  await page.keyboard.press('.')
  await drawn(page, '日')
  await page.keyboard.press('F8')
  await drawn(page, '周')
  await page.getByRole('figure').getByText('2026-01-05').waitFor()
  // Digits and Enter, as traders type them: no code is that short.
  await page.keyboard.press('1')
  await page.keyboard.press('5')
  await page.getByRole('option', { name: '看15分 K 线' }).waitFor()
  await page.keyboard.press('Enter')
  await drawn(page, '15分')
})

browserTest('another interval and another adjustment keep the window in time', async () => {
  const { page, fake } = await chartPage()
  await page.goto(`${pages.url}/stock/600519.SH?interval=60m`)
  await drawn(page, '60分')
  await drag(page, 400)
  // The newest bar has left the view: the right edge is in the past.
  const edge = await rightEdge(page)
  expect(edge).toMatch(/^2025-1/)
  await switchTo(page, '30分')
  await expect.poll(async () => (await rightEdge(page)).slice(0, 10), soon).toBe(edge.slice(0, 10))
  await page.getByRole('radio', { name: '不复权' }).click()
  await page.waitForURL(/adjust=none/)
  await drawn(page, '30分')
  await expect.poll(async () => (await rightEdge(page)).slice(0, 10), soon).toBe(edge.slice(0, 10))
  // Towards the present the bars after the window come by cursor.
  const before = fake.asked.length
  await drag(page, -300)
  await drag(page, -300)
  await expect.poll(() => fake.asked.slice(before).some(({ cursor }) => cursor?.startsWith('next.')), soon).toBe(true)
})

/** What the legend says with the pointer near the right end of the chart. */
async function rightEdge(page: Page): Promise<string> {
  const box = (await page.getByRole('figure').boundingBox())!
  await page.mouse.move(box.x + box.width - 110, box.y + 200)
  await page.mouse.move(box.x + box.width - 108, box.y + 200)
  return legend(page).innerText()
}

browserTest('the past comes by cursor with a mark at the left, no bar twice and none missing, and the table shows the same bars', async () => {
  const { page, fake, complaints } = await chartPage()
  fake.slowPages = 600
  await page.goto(`${pages.url}/stock/600519.SH?interval=5m`)
  await drawn(page, '5分')
  await drag(page)
  await page.getByRole('status', { name: '加载更早的 K 线…' }).waitFor()
  await keepPicture(page, 'chart-older')
  await expect.poll(() => fake.asked.length, soon).toBe(2)
  expect(fake.asked[1]).toMatchObject({ limit: 600, cursor: `prev.${400 * 48 - 200}`, count: 600 })
  await page.getByRole('status', { name: '加载更早的 K 线…' }).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: '数据表格' }).click()
  const labels = await page.getByRole('region', { name: '5分 K 线，最近 240 根' }).getByRole('rowheader').allInnerTexts()
  expect(labels.length).toBe(240)
  expect(labels.slice(0, 2)).toEqual(['2026-01-05 15:00', '2026-01-05 14:55'])
  expect(new Set(labels).size).toBe(240)
  // 240 bars of 5 minutes are five whole days, across the seam between the pages.
  expect(labels.at(-1)).toBe('2025-12-26 09:35')
  // Back at the chart the view is where it was, and nothing was asked for again.
  await page.getByRole('button', { name: '数据表格' }).click()
  await expect.poll(async () => (await rightEdge(page)).slice(0, 10), soon).toMatch(/^2025-12-/)
  expect(fake.asked.length).toBe(2)
  expect(complaints).toEqual([])
})

browserTest('an expired cursor begins the pages anew', async () => {
  const { page, fake } = await chartPage()
  await page.goto(`${pages.url}/stock/600519.SH?interval=5m`)
  await drawn(page, '5分')
  fake.refuse = ({ cursor }) => (cursor === undefined ? undefined : { status: 409, code: 'CURSOR_EXPIRED' })
  await drag(page)
  await expect.poll(() => fake.asked.map(({ cursor, count }) => (cursor === undefined ? count : 'refused')).slice(0, 3), soon).toEqual([200, 'refused', 200])
  fake.refuse = undefined
  await drag(page, 60)
  await expect.poll(() => fake.asked.at(-1)?.count, soon).toBe(600)
  expect(await page.locator('[data-state="broken"]').count()).toBe(0)
})

browserTest('the forming bar moves with the socket, a final one stands, and nobody polls', async () => {
  const bar = (close: number, time = LAST, final = false) => ({ time, open: 19, high: 21, low: 18, close, volume: 1000, amount: 20_000, final })
  const { page, fake, socket } = await chartPage({ finalTo: LAST - 1, bars: [bar(20.5)] })
  await page.goto(`${pages.url}/stock/600519.SH?interval=5m`)
  const figure = page.getByRole('figure')
  await figure.getByText('20.50').waitFor()
  await figure.getByText('未收').waitFor()
  socket.say({ op: 'delta', ch: 'kline:600519.SH:5m', epoch: 'e1', seq: 11, data: { type: 'forming', bar: bar(20.75) } })
  await figure.getByText('20.75').waitFor()
  await keepPicture(page, 'chart-forming')
  socket.say({ op: 'delta', ch: 'kline:600519.SH:5m', epoch: 'e1', seq: 12, data: { type: 'final', bar: bar(20.8, LAST, true) } })
  await figure.getByText('20.80').waitFor()
  await figure.getByText('未收').waitFor({ state: 'detached' })
  await page.waitForTimeout(3_500)
  expect(fake.asked.length).toBe(1)
  await switchTo(page, '15分')
  await expect
    .poll(() => socket.heard.filter(({ ch }) => String(ch).startsWith('kline:')).map(({ op, ch }) => `${String(op)} ${String(ch)}`), soon)
    .toEqual(['sub kline:600519.SH:5m', 'unsub kline:600519.SH:5m', 'sub kline:600519.SH:15m'])
})

browserTest('without the socket the newest bars are asked for every 3 s, and an unchanged answer costs nothing', async () => {
  const { page, fake, socket } = await chartPage({ finalTo: LAST - 1 })
  socket.refuse(true)
  await page.goto(`${pages.url}/stock/600519.SH?interval=5m`)
  await drawn(page, '5分')
  await expect.poll(() => fake.asked.length, { timeout: 12_000 }).toBeGreaterThanOrEqual(3)
  expect(fake.asked.slice(1, 3)).toMatchObject([
    { etag: undefined, count: 60 },
    { etag: '"5m 20"', count: 0 },
  ])
  fake.close = 23.45
  await page.getByRole('figure').getByText('23.45').first().waitFor({ timeout: 6_000 })
})

browserTest('loading and empty: a stock without minutes says what to do and leads to its days', async () => {
  const { page, fake } = await chartPage({ days: 400 })
  await page.route(/interval=1m/, async (route) => {
    await new Promise((done) => setTimeout(done, 800))
    const { data, ...rest } = empty
    await route.fulfill({ json: { ...rest, data: { ...data, interval: '1m' } } })
  })
  await page.goto(`${pages.url}/stock/600519.SH`)
  await drawn(page, '日')
  await page.getByRole('radio', { name: '1分', exact: true }).click()
  await page.locator('[data-state="loading"]').getByText('加载1分 K 线…').waitFor()
  await page.locator('[data-state="empty"]').getByText('没有1分 K 线').waitFor()
  await page.locator('[data-state="empty"]').getByText('node bin/fupan.mjs import').waitFor()
  await keepPicture(page, 'chart-empty')
  await page.getByRole('button', { name: '看日线' }).click()
  await drawn(page, '日')
  expect(fake.asked.every(({ interval }) => interval === '1d')).toBe(true)
})

const empty = {
  code: 0,
  message: 'ok',
  data: {
    symbol: '600519.SH',
    adjust: 'qfq',
    label: 'end',
    timezone: 'Asia/Shanghai',
    source: 'sim',
    count: 0,
    klines: { time: [], open: [], high: [], low: [], close: [], volume: [], amount: [], final: [] },
    prev_cursor: null,
    next_cursor: null,
    latest_time: null,
  },
}

browserTest('stale: when the newest bars cannot be read the chart stays and says until when', async () => {
  const { page, fake, socket } = await chartPage({ finalTo: LAST - 1 })
  socket.refuse(true)
  await page.goto(`${pages.url}/stock/600519.SH?interval=15m`)
  await drawn(page, '15分')
  fake.refuse = () => ({ status: 500, code: 'INTERNAL' })
  await page.locator('[data-state="stale"]').getByText('图上止于 2026-01-05 15:00：refused: INTERNAL').waitFor({ timeout: 8_000 })
  expect(await page.getByRole('figure').count()).toBe(1)
  await keepPicture(page, 'chart-stale')
  fake.refuse = undefined
  await page.locator('[data-state="stale"]').waitFor({ state: 'detached', timeout: 8_000 })
})

browserTest('broken: an interval the server cannot answer leaves the way to the others', async () => {
  const { page, fake } = await chartPage()
  fake.refuse = ({ interval }) => (interval === '30m' ? { status: 500, code: 'INTERNAL' } : undefined)
  await page.goto(`${pages.url}/stock/600519.SH`)
  await drawn(page, '日')
  await page.getByRole('radio', { name: '30分', exact: true }).click()
  await page.locator('[data-state="broken"]').getByText('refused: INTERNAL').waitFor()
  await keepPicture(page, 'chart-broken')
  await switchTo(page, '周')
})

browserTest('moving averages are switched beside Bollinger and remembered', async () => {
  const { page } = await chartPage()
  await page.goto(`${pages.url}/stock/600519.SH?interval=5m`)
  await drawn(page, '5分')
  await page.getByRole('button', { name: 'MA20', exact: true }).click()
  await page.getByRole('button', { name: '布林', exact: true }).click()
  await page.getByRole('figure').getByText('MA20').waitFor()
  expect(await page.getByRole('figure').getByText('布林(20,2)').count()).toBe(0)
  await page.reload()
  await page.getByRole('figure').getByText('MA20').waitFor()
})

browserTest('an indicator has a pane of its own, one at a time, and is remembered', async () => {
  const { page, complaints } = await chartPage()
  await page.goto(`${pages.url}/stock/600519.SH`)
  await drawn(page, '日')
  const figure = page.getByRole('figure')
  await page.getByRole('button', { name: 'MACD', exact: true }).click()
  await figure.getByText('MACD(12,26,9)').waitFor()
  // Beside the order flow of the day chart, and on minutes alone.
  await figure.getByText('大单净额').waitFor()
  await keepPicture(page, 'chart-macd')
  await page.getByRole('button', { name: 'KDJ', exact: true }).click()
  await figure.getByText('KDJ(9,3,3)').waitFor()
  expect(await figure.getByText('MACD(12,26,9)').count()).toBe(0)
  await switchTo(page, '5分')
  await figure.getByText('KDJ(9,3,3)').waitFor()
  await page.reload()
  await figure.getByText('KDJ(9,3,3)').waitFor()
  await page.getByRole('button', { name: 'KDJ', exact: true }).click()
  await figure.getByText('KDJ(9,3,3)').waitFor({ state: 'detached' })
  expect(complaints).toEqual([])
})

browserTest('the legend tells turnover and what happened at a bar, and the table says the same', async () => {
  const { page } = await chartPage()
  await page.goto(`${pages.url}/stock/600519.SH`)
  await drawn(page, '日')
  const figure = page.getByRole('figure')
  // 100,000 of 10 million floating shares.
  await figure.getByText('换手').waitFor()
  await figure.getByText('1.00%', { exact: true }).waitFor()
  const report = figure.getByText('公告截至 2025-09-30 的定期报告')
  for (let presses = 0; presses < 30 && !(await report.isVisible()); presses++) await page.keyboard.press('ArrowLeft')
  await report.waitFor({ timeout: 2_000 })
  await keepPicture(page, 'chart-event')
  await page.getByRole('button', { name: '数据表格' }).click()
  await page.getByRole('cell', { name: '除权除息 每10股派2.5元' }).waitFor()
  await page.getByRole('cell', { name: '公告截至 2025-09-30 的定期报告' }).waitFor()
  await page.getByRole('cell', { name: '1.00%', exact: true }).first().waitFor()
})

browserTest('Home goes to the oldest bars and asks for older ones, End comes back to the newest', async () => {
  const { page, fake } = await chartPage()
  await page.goto(`${pages.url}/stock/600519.SH?interval=60m`)
  await drawn(page, '60分')
  await page.keyboard.press('Home')
  await expect.poll(() => fake.asked.map(({ cursor }) => cursor?.slice(0, 5)).slice(0, 2), soon).toEqual([undefined, 'prev.'])
  await expect.poll(async () => (await rightEdge(page)) < '2026', soon).toBe(true)
  await page.keyboard.press('End')
  await expect.poll(async () => (await rightEdge(page)) >= '2025-12-30', soon).toBe(true)
})

browserTest('a foreign symbol is labelled by the clock of its exchange, in its currency, and asks for nothing that only A shares have', async () => {
  const { page, complaints, socket } = await pages.answeredPage('en')
  const asked: string[] = []
  page.on('request', (request) => asked.push(new URL(request.url()).pathname))
  // 25 hours to 16:00 of New York, 20:00 UTC in summer time.
  const time = Array.from({ length: 25 }, (_, i) => Date.UTC(2026, 3, 6, 20) - (24 - i) * 3_600_000)
  const same = (value: number) => time.map(() => value)
  const columns = {
    time,
    open: same(100),
    high: same(102),
    low: same(99),
    close: same(101),
    volume: same(5000),
    amount: same(500_000),
    final: time.map(() => true),
  }
  const { data } = replies['GET /api/klines']
  await answer(page, 'GET /api/klines', {
    reply: { code: 0, message: 'ok', data: { ...data, symbol: 'JPM.US', timezone: 'America/New_York', klines: columns, prev_cursor: null, next_cursor: null } },
  })
  await answer(page, 'GET /api/realtime', { reply: { rows: [], unknown: ['JPM.US'] } })
  await answer(page, 'GET /api/stock', { reply: { ...replies['GET /api/stock'], code: 'JPM.US', name: 'JPM', board: 'us', industry: '' } })
  await page.goto(`${pages.url}/stock/JPM.US?interval=60m`)
  await page.locator('figure[aria-busy="false"]').waitFor()
  expect(await legend(page).innerText()).toBe('2026-04-06 16:00')
  expect(await page.getByRole('figure').innerText()).toContain('USD')
  await page.getByText('Times are those of America/New_York, prices are in USD.').waitFor()
  expect(await page.getByRole('radio', { name: 'forward' }).count()).toBe(0)
  expect(asked.filter((path) => path.startsWith('/api/micro/'))).toEqual([])
  expect(socket.heard.filter(({ ch }) => String(ch).startsWith('kline:'))).toEqual([])
  expect(complaints).toEqual([])
})

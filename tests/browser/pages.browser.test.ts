import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { answer } from './answers.ts'
import { browserTests, rowNames } from './browser-tests.ts'
import { keepPicture, missingGlyphs } from './open-browser.ts'
import { replies } from './replies.ts'
import { servePages } from './serve-pages.ts'

// The pages alone, every request answered by the test: each state, key and switch can be brought about at will.
const pages = await browserTests(servePages)
const { browserTest } = pages

const colourOf = (page: Page, text: string) =>
  page.evaluate<string>(`getComputedStyle([...document.querySelectorAll('.number')].find((node) => node.textContent === ${JSON.stringify(text)})).color`)
const soon = { timeout: 5_000 }

// ---- the four states ------------------------------------------------------------------------------------------------------

browserTest('a panel that waits shows where its rows will be', async () => {
  const { page } = await pages.answeredPage()
  await answer(page, 'GET /api/candidates', 'silence')
  await page.goto(pages.url)
  await page.locator('section[aria-label="次日候选"] [data-state="loading"]').waitFor()
})

browserTest('an empty warehouse says which command fills it', async () => {
  const { page, complaints } = await pages.answeredPage()
  await answer(page, 'GET /api/candidates', { reply: { ...replies['GET /api/candidates'], date: null, validFor: null, dates: [], rows: [] } })
  await page.goto(pages.url)
  await page.locator('[data-state="empty"]').getByText('node bin/fupan.mjs demo').waitFor()
  await keepPicture(page, 'state-empty')
  expect(complaints).toEqual([])
})

browserTest('a warehouse being built asks for patience, not for a command, and fills by itself', async () => {
  const { page } = await pages.answeredPage()
  const status = replies['GET /api/status']
  await answer(page, 'GET /api/status', { reply: { ...status, run: { ...status.run!, state: 'RUNNING', endedAt: null } } })
  await answer(page, 'GET /api/candidates', { reply: { ...replies['GET /api/candidates'], date: null, validFor: null, dates: [], rows: [] } })
  await page.goto(pages.url)
  await page.locator('[data-state="empty"]').getByText('正在计算').waitFor()
  await answer(page, 'GET /api/candidates', { reply: replies['GET /api/candidates'] })
  await page.getByText('贵州茅台').first().waitFor({ timeout: 10_000 })
})

browserTest('the board filter and the file of candidates follow the address', async () => {
  const { page } = await pages.answeredPage()
  await page.goto(`${pages.url}/?board=chinext`)
  await page.locator('[role="row"][id]').first().waitFor()
  expect(await rowNames(page)).toEqual(['宁德时代'])
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'CSV' }).click()])
  expect(file.suggestedFilename()).toBe('candidates-20260105.csv')
  const text = readFileSync(await file.path(), 'utf8')
  expect(text).toMatch(/^\ufeffts_code,name,candidate_rank,/)
  expect(text).toMatch(/^\ufeffts_code,name,candidate_rank,selected,first_failed,/)
  expect(text).toContain('300750.SZ,宁德时代,2,0,F3,chinext,251.08,-0.0104,')
})

browserTest('candidates of an earlier session say since when and what to run', async () => {
  const { page } = await pages.answeredPage()
  await answer(page, 'GET /api/candidates', { reply: { ...replies['GET /api/candidates'], stale: true, lastCompleted: 20260106 } })
  await page.goto(pages.url)
  const banner = page.locator('[data-state="stale"]')
  await banner.getByText('候选截至 2026-01-05，2026-01-06 已收盘但尚未计算').waitFor()
  await banner.getByText('node bin/fupan.mjs run 20260106').waitFor()
  expect(await rowNames(page)).toHaveLength(3)
  await keepPicture(page, 'state-stale')
})

browserTest('a server that is away is named, with the command, and the page comes back by itself', async () => {
  const { page } = await pages.answeredPage()
  await answer(page, 'GET /api/candidates', 'nobody')
  await page.goto(pages.url)
  await page.locator('[data-state="broken"]').getByText('node bin/fupan.mjs serve').waitFor()
  await keepPicture(page, 'state-broken')
  await answer(page, 'GET /api/candidates', { reply: replies['GET /api/candidates'] })
  await page.getByText('贵州茅台').first().waitFor({ timeout: 10_000 })
})

browserTest('a broken server shows its sentence and the id to look for', async () => {
  const { page } = await pages.answeredPage()
  await answer(page, 'GET /api/klines', { status: 500, code: 'INTERNAL', message: 'Cannot read bars: the disk is full' })
  await page.goto(`${pages.url}/stock/600519.SH`)
  const panel = page.locator('[data-state="broken"]')
  await panel.getByText('Cannot read bars: the disk is full').waitFor()
  expect(await panel.innerText()).toContain('req-1')
  await answer(page, 'GET /api/klines', { reply: replies['GET /api/klines'] })
  await panel.getByRole('button', { name: '重试' }).click()
  await page.getByRole('figure').waitFor()
})

// ---- the live list --------------------------------------------------------------------------------------------------------

browserTest('a delta changes its row where it stands', async () => {
  const { page, complaints, socket } = await pages.answeredPage()
  await page.goto(pages.url)
  const list = page.locator('section[aria-label="实时机会"] article')
  await list.nth(1).waitFor()
  const before = await list.allInnerTexts()
  expect(before[0]).toContain('贵州茅台')
  const [, second] = replies['GET /api/opportunities'].rows
  socket.say({ op: 'delta', ch: 'opportunities', epoch: 'e1', seq: 11, data: { type: 'update', opp: { ...second, last: 10.55, confidence: 0.91 } } })
  await list.nth(1).getByText('10.55').waitFor()
  expect(await list.nth(0).innerText()).toBe(before[0])
  expect(complaints).toEqual([])
})

browserTest('a hole in the numbers makes the page ask to resume; a gap, for a snapshot', async () => {
  const { page, socket } = await pages.answeredPage()
  await page.goto(pages.url)
  await page.locator('article').nth(1).waitFor()
  const [first] = replies['GET /api/opportunities'].rows
  socket.say({ op: 'delta', ch: 'opportunities', epoch: 'e1', seq: 15, data: { type: 'update', opp: first } })
  await expect.poll(() => socket.heard.at(-1), soon).toMatchObject({ op: 'sub', since: { epoch: 'e1', seq: 10 } })
  socket.say({ op: 'gap', ch: 'opportunities', from: 11, to: 30 })
  await expect.poll(() => socket.heard.filter(({ op }) => op === 'sub').length, soon).toBe(3)
  expect(socket.heard.findLast(({ op }) => op === 'sub')).not.toHaveProperty('since')
})

browserTest('a lost connection is said, survived, and resumed', async () => {
  const { page, socket } = await pages.answeredPage()
  await page.goto(pages.url)
  await page.getByText('已连接').waitFor()
  socket.refuse(true)
  await socket.hangUp()
  await page.getByText('已断开，重连中').waitFor()
  await page.getByText(/实时连接断开 \d+秒/).waitFor({ timeout: 10_000 })
  expect(await page.locator('article').count()).toBe(2)
  socket.refuse(false)
  await page.getByText('已连接').waitFor({ timeout: 20_000 })
  await expect.poll(() => socket.heard[0], soon).toMatchObject({ op: 'sub', since: { epoch: 'e1', seq: 10 } })
})

browserTest('states can be hidden, and a row shows its evidence', async () => {
  const { page } = await pages.answeredPage()
  await page.goto(pages.url)
  const list = page.locator('section[aria-label="实时机会"] article')
  await list.nth(1).waitFor()
  await list.nth(0).getByRole('button').first().click()
  await list.nth(0).getByText('三分钟涨幅').waitFor()
  await page.getByRole('button', { name: '跟踪 1' }).click()
  await expect.poll(() => list.count(), soon).toBe(1)
})

// ---- keyboard -------------------------------------------------------------------------------------------------------------

browserTest('typing anywhere opens the search; initials and Enter open the stock', async () => {
  const { page, complaints } = await pages.answeredPage()
  await page.goto(pages.url)
  await page.locator('[role="row"][id]').first().waitFor()
  await page.keyboard.type('ndsd')
  const dialog = page.getByRole('dialog')
  await dialog.getByText('宁德时代').waitFor()
  expect(await dialog.getByRole('combobox').inputValue()).toBe('ndsd')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/stock\/300750\.SZ/)
  await page.keyboard.type('gzmt')
  await page.getByRole('dialog').getByText('600519.SH').waitFor()
  await keepPicture(page, 'palette')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(page.url()).toContain('300750.SZ')
  expect(complaints).toEqual([])
})

browserTest('j, k and arrows move the cursor, the header sorts, and both are in the address', async () => {
  const { page } = await pages.answeredPage()
  await page.goto(pages.url)
  const selected = page.locator('[role="row"][aria-selected="true"]')
  await selected.getByText('贵州茅台').waitFor()
  await page.keyboard.press('j')
  await selected.getByText('宁德时代').waitFor()
  await page.keyboard.press('ArrowUp')
  await selected.getByText('贵州茅台').waitFor()
  await page.getByRole('button', { name: '按大单净额排序' }).click()
  await page.waitForURL(/sort=bigNetSum\.desc/)
  expect(await rowNames(page)).toEqual(['贵州茅台', '宁德时代', '平安银行'])
  await page.getByRole('button', { name: '按大单净额排序' }).click()
  await page.waitForURL(/sort=bigNetSum\.asc/)
  // What is not known stays last in either direction.
  expect(await rowNames(page)).toEqual(['宁德时代', '贵州茅台', '平安银行'])
  await page.reload()
  await expect.poll(() => rowNames(page), soon).toEqual(['宁德时代', '贵州茅台', '平安银行'])
})

browserTest('? lists the shortcuts and g d goes to the data page', async () => {
  const { page } = await pages.answeredPage()
  await page.goto(pages.url)
  await page.locator('[role="row"][id]').first().waitFor()
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: '快捷键' }).waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('g')
  await page.keyboard.press('d')
  await page.waitForURL(/\/data$/)
  await page.getByRole('cell', { name: '落后', exact: true }).waitFor()
})

// ---- switches -------------------------------------------------------------------------------------------------------------

browserTest('the language switch leaves no mixed strings and is remembered', async () => {
  const { page } = await pages.answeredPage()
  await page.goto(pages.url)
  await page.getByText('+4.12亿').waitFor()
  await page.getByRole('button', { name: 'Switch to English' }).click()
  await page.getByRole('heading', { name: 'Candidates' }).waitFor()
  await page.getByText('+412.35M').waitFor()
  const chinese = (await page.locator('body').innerText()).match(/[\u4e00-\u9fff]+/g) ?? []
  // Names of stocks, the brand, and the way back.
  expect([...new Set(chinese)].toSorted()).toEqual(['中', '复盘', '宁德时代', '平安银行', '贵州茅台'].toSorted())
  await keepPicture(page, 'cockpit-english')
  await page.reload()
  await page.getByRole('heading', { name: 'Candidates' }).waitFor()
})

browserTest('a browser that asks for English first gets English', async () => {
  const { page } = await pages.answeredPage('en-US')
  await page.goto(pages.url)
  await page.getByRole('heading', { name: 'Candidates' }).waitFor()
})

browserTest('the price colours swap everywhere with one switch', async () => {
  const { page } = await pages.answeredPage()
  await page.goto(pages.url)
  await page.getByText('+3.12%').waitFor()
  const [rise, fall] = [await colourOf(page, '+3.12%'), await colourOf(page, '−1.04%')]
  expect(rise).not.toBe(fall)
  await page.getByRole('button', { name: /涨跌颜色/ }).click()
  expect([await colourOf(page, '+3.12%'), await colourOf(page, '−1.04%')]).toEqual([fall, rise])
})

browserTest('the theme goes dark, light, system, and the chart follows', async () => {
  const { page, complaints } = await pages.answeredPage()
  await page.goto(`${pages.url}/stock/600519.SH`)
  await page.getByRole('figure').getByText('大单净额').waitFor()
  expect(await page.locator('html').getAttribute('data-tone')).toBe('dark')
  await page.getByRole('button', { name: /主题/ }).click()
  expect(await page.locator('html').getAttribute('data-tone')).toBe('light')
  await keepPicture(page, 'stock-light')
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.getByRole('button', { name: /主题/ }).click()
  expect(await page.locator('html').getAttribute('data-tone')).toBe('dark')
  expect(complaints).toEqual([])
})

browserTest('blocked storage forgets but does not break', async () => {
  const { page, complaints } = await pages.answeredPage()
  await page.addInitScript(`Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('blocked', 'SecurityError') } })`)
  await page.goto(pages.url)
  await page.getByRole('button', { name: 'Switch to English' }).click()
  await page.getByRole('heading', { name: 'Candidates' }).waitFor()
  expect(complaints).toEqual([])
})

// ---- the stock page -------------------------------------------------------------------------------------------------------

browserTest('the chart reads session dates, whatever the time zone of the browser', async () => {
  const { page } = await pages.answeredPage()
  await page.goto(`${pages.url}/stock/600519.SH`)
  // The browser of these tests lives in New York.
  await page.getByRole('figure').getByText('2026-01-05').waitFor()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await page.getByRole('figure').getByText('2026-01-02').waitFor()
  await expect.poll(() => missingGlyphs(page), { timeout: 5_000 }).toEqual([])
})

browserTest('the adjustment is in the address and asked of the server', async () => {
  const { page } = await pages.answeredPage()
  const asked: string[] = []
  page.on('request', (request) => request.url().includes('/api/klines') && asked.push(new URL(request.url()).searchParams.get('adjust')!))
  await page.goto(`${pages.url}/stock/600519.SH?adjust=hfq`)
  await page.getByRole('figure').waitFor()
  await page.getByRole('radio', { name: '不复权' }).click()
  await page.waitForURL(/adjust=none/)
  await expect.poll(() => asked, soon).toEqual(['hfq', 'none'])
})

browserTest('PgDn and k walk the candidates; the table view gives the exact figures', async () => {
  const { page } = await pages.answeredPage()
  await page.goto(`${pages.url}/stock/600519.SH`)
  await page.getByText('1 / 3').waitFor()
  await page.keyboard.press('PageDown')
  await page.waitForURL(/300750\.SZ/)
  await page.keyboard.press('k')
  await page.waitForURL(/600519\.SH/)
  await page.getByRole('button', { name: '数据表格' }).click()
  expect(await page.getByRole('rowheader').first().innerText()).toBe('2026-01-05')
})

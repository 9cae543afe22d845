import { expect } from 'vitest'
import { answer } from './answers.ts'
import { browserTests, rowNames } from './browser-tests.ts'
import { keepPicture, missingGlyphs } from './open-browser.ts'
import { replies, trail } from './replies.ts'
import { servePages } from './serve-pages.ts'

// The views of the tape-reading strategy, every request answered by the test: why a stock was chosen, its levels, the tests of them.
const pages = await browserTests(servePages)
const { browserTest } = pages

const soon = { timeout: 5_000 }
const reply = replies['GET /api/candidates']

// ---- candidates -----------------------------------------------------------------------------------------------------------

browserTest('the funnel tells how many stocks each filter left', async () => {
  const { page } = await pages.answeredPage()
  await page.goto(pages.url)
  const funnel = page.getByRole('list', { name: '筛选漏斗' })
  await funnel.waitFor()
  expect((await funnel.getByRole('listitem').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '))).toEqual([
    '活跃 92',
    '资金 28 −64',
    '支撑 5 −23',
    '阻力 4 −1',
    '空间 3 −1',
    '可交易 3',
  ])
})

browserTest('a selected stock stands first with its plan, and its row opens the six filters in words', async () => {
  const { page, complaints } = await pages.answeredPage()
  await page.goto(pages.url)
  const row = page.locator('[role="row"][id]').first()
  await row.waitFor()
  expect((await row.getByRole('gridcell').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').trim())).toEqual([
    '1',
    '贵州茅台 600519',
    '',
    '1502.30',
    '+3.12%',
    '1490.00',
    '1588.00',
    '1467.65',
    '4.4',
    '0.71 P82',
    '—',
    '0.831',
    '0.940',
    '+4.12亿',
  ])
  expect(await row.getByRole('img').getAttribute('aria-label')).toBe('活跃：通过; 资金：通过; 支撑：通过; 阻力：通过; 空间：通过; 可交易：通过')
  await page.keyboard.press('j')
  await page.keyboard.press('Space')
  const table = page.getByRole('table', { name: '筛选过程' })
  await table.getByText('收盘价下方没有支撑位').waitFor()
  await table.getByText('资金质量第 12 名，前 28 名通过').waitFor()
  expect(await table.getByRole('row').count()).toBe(7)
  await expect.poll(() => missingGlyphs(page), soon).toEqual([])
  await keepPicture(page, 'micro-candidates')
  expect(complaints).toEqual([])
})

browserTest('the switch shows the selected stocks alone, and the address keeps it', async () => {
  const { page } = await pages.answeredPage()
  await page.goto(pages.url)
  await page.locator('[role="row"][id]').nth(2).waitFor()
  await page.getByRole('radio', { name: '仅入选' }).click()
  await page.waitForURL(/only=selected/)
  await expect.poll(() => rowNames(page), soon).toEqual(['贵州茅台'])
  await page.reload()
  await expect.poll(() => rowNames(page), soon).toEqual(['贵州茅台'])
  await page.getByRole('radio', { name: '全部', exact: true }).click()
  await expect.poll(() => rowNames(page), soon).toHaveLength(3)
})

browserTest('when nothing was selected it says so and shows the nearest misses first', async () => {
  const { page } = await pages.answeredPage()
  const rows = reply.rows.map((row, i) => ({ ...row, selected: false, firstFailed: 'F2' as const, trail: trail(['100001', '110110', '101111'][i]!) }))
  await answer(page, 'GET /api/candidates', { reply: { ...reply, rows } })
  await page.goto(`${pages.url}/?only=selected`)
  await page.getByText('没有股票通过全部六道筛选').waitFor()
  expect(await rowNames(page)).toEqual(['平安银行', '宁德时代', '贵州茅台'])
  await keepPicture(page, 'micro-nearest-misses')
})

browserTest('the reasons are whole in English too', async () => {
  const { page } = await pages.answeredPage('en-US')
  await page.goto(pages.url)
  await page.locator('[role="row"][id]').first().waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('Space')
  const table = page.getByRole('table', { name: 'Filter trail' })
  await table.getByText('There is no support below the close').waitFor()
  await table.getByText('Fund quality is number 12; the best 28 pass').waitFor()
})

// ---- levels and tests -----------------------------------------------------------------------------------------------------

browserTest('the stock page lists the levels around the close and hides them from the chart with one switch', async () => {
  const { page, complaints } = await pages.answeredPage()
  await page.goto(`${pages.url}/stock/600519.SH`)
  const block = page.getByRole('region', { name: '关键价位' })
  await block.waitFor()
  const rows = (await block.getByRole('row').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '))
  expect(rows[1]).toMatch(/^阻 阻力.* \+4\.0% 0\.64 3 4\/2 — — 0$/)
  expect(rows[2]).toContain('收盘价')
  expect(rows[4]).toMatch(/^支 支撑.* −2\.0% 0\.64 3 4\/2 0\.71 P82 3$/)
  await page.getByRole('figure').getByText('大单净额').waitFor()
  const shown = await page.getByRole('figure').screenshot()
  await keepPicture(page, 'micro-levels')
  await page.getByRole('button', { name: '价位', exact: true }).click()
  const hidden = await page.getByRole('figure').screenshot()
  expect(hidden.equals(shown)).toBe(false)
  expect(complaints).toEqual([])
})

browserTest('Space and the arrows step through the tests; the detail says what came of each', async () => {
  const { page, complaints } = await pages.answeredPage()
  await page.goto(`${pages.url}/stock/600519.SH`)
  await page.getByRole('option').nth(2).waitFor()
  await page.keyboard.press('Space')
  const detail = page.getByRole('region', { name: '测试详情' })
  await detail.getByText('尚不可知').waitFor()
  expect((await detail.innerText()).replaceAll(/\s+/g, ' ')).toContain('守住')
  for (const text of ['600.00万', '+72.00万', '+12.00%', '+0.200', '0.30%', '79% / 11%', '00:09:30', '0.850', '0.780', '上方 → 上方'])
    await detail.getByText(text, { exact: true }).waitFor()
  await page.keyboard.press('ArrowRight')
  await detail.getByText('击穿').waitFor()
  await detail.getByText('+2.13%').waitFor()
  await page.keyboard.press('ArrowDown')
  await detail.getByText('抛压分').waitFor()
  await keepPicture(page, 'micro-test-detail')
  await page.keyboard.press('Escape')
  await detail.waitFor({ state: 'detached' })
  // The keyboard is the chart's again: the arrow reads a bar.
  await page.keyboard.press('ArrowLeft')
  expect(await page.getByRole('option', { selected: true }).count()).toBe(0)
  expect(complaints).toEqual([])
})

browserTest('a level chosen in the list shows its tests alone', async () => {
  const { page } = await pages.answeredPage()
  await page.goto(`${pages.url}/stock/600519.SH`)
  await page.getByRole('option').nth(2).waitFor()
  const block = page.getByRole('region', { name: '关键价位' })
  await block.getByRole('button', { name: /阻力/ }).click()
  await expect.poll(() => page.getByRole('option').count(), soon).toBe(1)
  await page.getByText('该价位 1 次').waitFor()
  await block.getByRole('button', { name: /翻转支撑/ }).click()
  await page.locator('[data-state="empty"]').getByText('没有进入任何价位').waitFor()
  await block.getByRole('button', { name: /翻转支撑/ }).click()
  await expect.poll(() => page.getByRole('option').count(), soon).toBe(3)
})

browserTest('levels and tests wait, are empty, are old and break each in their own place', async () => {
  const { page, complaints } = await pages.answeredPage()
  await answer(page, 'GET /api/micro/levels', 'silence')
  await answer(page, 'GET /api/micro/level-tests', 'silence')
  await page.goto(`${pages.url}/stock/600519.SH`)
  await page.locator('section[aria-label="价位测试"] [data-state="loading"]').waitFor()
  await page.getByRole('figure').waitFor()

  const levels = replies['GET /api/micro/levels']
  await answer(page, 'GET /api/micro/levels', { reply: { ...levels, rows: [], calcDate: null } })
  await answer(page, 'GET /api/micro/level-tests', { reply: { code: '600519.SH', rows: [] } })
  await page.reload()
  await page.getByText('没有关键价位').waitFor()
  await page.locator('[data-state="empty"]').getByText('没有进入任何价位').waitFor()

  await answer(page, 'GET /api/micro/levels', { reply: { ...levels, asof: 20251201, calcDate: 20251201 } })
  await answer(page, 'GET /api/micro/level-tests', { status: 500, code: 'FAULT', message: 'Cannot read tests: the disk is full' })
  await page.reload()
  await page.locator('[data-state="stale"]').getByText('价位计算于 2025-12-01').waitFor()
  await page.locator('[data-state="broken"]').getByText('Cannot read tests: the disk is full').waitFor()
  await keepPicture(page, 'micro-broken')

  await answer(page, 'GET /api/micro/levels', { status: 500, code: 'FAULT', message: 'Cannot read levels' })
  await page.reload()
  await page.locator('[data-state="stale"]').getByText('价位未取得：Cannot read levels').waitFor()
  await page.getByRole('figure').waitFor()
  expect(complaints).toEqual([])
})

browserTest('a stock outside the active pool says that the filters were not asked', async () => {
  const { page } = await pages.answeredPage()
  await answer(page, 'GET /api/candidates', { reply: { ...reply, rows: [] } })
  await page.goto(`${pages.url}/stock/600519.SH`)
  await page.getByText('不在当日活跃池中').waitFor()
})

browserTest('the tape of a test marks big records and says what a record is', async () => {
  const { page, complaints } = await pages.answeredPage()
  const asked: string[] = []
  page.on('request', (request) => request.url().includes('/api/micro/ticks') && asked.push(new URL(request.url()).search))
  await page.goto(`${pages.url}/stock/600519.SH`)
  await page.getByRole('option').first().click()
  await page.getByRole('radio', { name: '逐笔' }).click()
  const tape = page.getByRole('list', { name: '逐笔带' })
  await tape.waitFor()
  expect(asked[0]).toBe('?ts_code=600519.SH&date=20260105&from=11%3A30%3A00&to=11%3A42%3A00&agg=3s&limit=400')
  expect((await tape.getByRole('listitem').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '))).toEqual([
    '11:31:00 13.88 12.00万 买',
    '11:31:03 13.88 48.00万 卖',
    '11:31:06 13.88 3.00万 ·',
  ])
  expect(await tape.locator('[data-big="true"]').count()).toBe(1)
  await page.getByText('一条是三秒内的合并成交').waitFor()
  await keepPicture(page, 'micro-tape')
  expect(complaints).toEqual([])
})

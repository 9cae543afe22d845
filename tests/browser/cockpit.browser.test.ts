import { expect } from 'vitest'
import { browserTests } from './browser-tests.ts'
import { keepPicture, missingGlyphs } from './open-browser.ts'
import { startCockpit } from './start-cockpit.ts'

// The real application over real (simulated) data: only what holds for any data is asked here.
const cockpit = await browserTests(startCockpit)
const { browserTest } = cockpit

browserTest('the cockpit shows candidates and the live list, in Chinese, dark, rise in red', async () => {
  const { page, complaints } = await cockpit.openPage()
  await page.goto(cockpit.url)
  const rows = page.getByRole('grid').getByRole('row')
  await rows.nth(5).waitFor()
  expect(await page.getByRole('heading', { name: '次日候选' }).count()).toBe(1)
  expect(await page.getByText(/用于 \d{4}-\d\d-\d\d 交易/).count()).toBe(1)
  expect(await rows.nth(1).getByRole('gridcell').nth(4).innerText()).toMatch(/^[+−]?\d+\.\d\d%$/)
  expect(await page.getByText('模拟数据').count()).toBe(1)
  await page.getByText('已连接').waitFor()
  await page.locator('[data-state="loading"]').waitFor({ state: 'detached' })
  await expect.poll(() => missingGlyphs(page), { timeout: 5_000 }).toEqual([])
  // A picture says more with an opportunity on it; a day on which none is found is no failure.
  await page
    .locator('article')
    .first()
    .waitFor({ timeout: 30_000 })
    .catch(() => undefined)
  await keepPicture(page, 'cockpit')

  await page.keyboard.press('j')
  await page.keyboard.press('Space')
  await page.getByRole('region', { name: '评分依据' }).waitFor()
  expect(page.url()).toMatch(/open=\d{6}/)
  await keepPicture(page, 'cockpit-evidence')
  expect(complaints).toEqual([])
})

browserTest('Enter opens the stock, PgDn the next candidate, and the chart draws three panes', async () => {
  const { page, complaints } = await cockpit.openPage()
  await page.goto(cockpit.url)
  await page.getByRole('grid').getByRole('row').nth(2).waitFor()
  await page.keyboard.press('Enter')
  const chart = page.getByRole('figure')
  await chart.getByText('大单净额').waitFor()
  const first = page.url()
  expect(first).toMatch(/\/stock\/\d{6}\.(?:SH|SZ|BJ)/)
  await page.keyboard.press('PageDown')
  await page.waitForFunction(`location.href !== ${JSON.stringify(first)}`)
  await page.getByRole('button', { name: '上一只' }).waitFor()
  await chart.getByText('大单净额').waitFor()
  expect(await chart.locator('canvas').count()).toBeGreaterThan(6)
  expect(await chart.locator('a[href*="tradingview"]').count()).toBe(1)
  await page.getByRole('heading', { name: '资金质量' }).waitFor()
  await expect.poll(() => missingGlyphs(page), { timeout: 5_000 }).toEqual([])
  await keepPicture(page, 'stock')
  expect(complaints).toEqual([])
})

browserTest('the data page lists the tables and explains one', async () => {
  const { page, complaints } = await cockpit.openPage()
  await page.goto(cockpit.url)
  await page.getByRole('grid').getByRole('row').nth(1).waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('d')
  await page.getByRole('cell', { name: 'strategy_candidates' }).click()
  await page.getByRole('region', { name: 'strategy_candidates' }).getByText('big_net_sum').waitFor()
  await keepPicture(page, 'data')
  expect(complaints).toEqual([])
})

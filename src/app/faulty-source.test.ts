import { beforeAll, expect, test } from 'vitest'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import type { Dataset, Page, Source } from '#core/source.ts'
import type { Tick } from '#core/tick.ts'
import { tradeDate } from '#core/trade-date.ts'
import type { Fault, FaultConfig, FaultKind } from '#market/fault.ts'
import { simulator } from '#sources/simulator.ts'
import { Intake, type IntakeReport } from '#stream/intake.ts'
import { checkedSource } from './checked-source.ts'
import { faultySource } from './faulty-source.ts'

const dates = aShareCalendar.dates(tradeDate(20260105), tradeDate(20260213))
const last = dates.at(-1)!
const truth = simulator({ seed: 21, size: 40, dates })
let spotless: readonly Tick[]

beforeAll(async () => {
  spotless = (await batchesOf(truth)).flat()
})

async function batchesOf(source: Source): Promise<(readonly Tick[])[]> {
  const batches: (readonly Tick[])[] = []
  for await (const batch of source.ticks(last)) batches.push(batch)
  return batches
}

async function pagesOf(source: Source, dataset: Dataset): Promise<Page[]> {
  const pages: Page[] = []
  for await (const page of source.fetch({ dataset, from: dates[0]!, to: last })) pages.push(page)
  return pages
}

async function feedWith(config: FaultConfig, seed = 3) {
  const faults: Fault[] = []
  const delivered = (await batchesOf(faultySource({ source: truth, faults: config, seed, onFault: (fault) => faults.push(fault) }))).flat()
  return { faults, delivered }
}

/** What the intake says of a feed. */
function judged(ticks: readonly Tick[]) {
  const reports: IntakeReport[] = []
  const intake = new Intake(last, (report) => reports.push(report))
  const places = new Map<string, number>()
  for (const tick of ticks) {
    if (!places.has(tick.code)) places.set(tick.code, places.size)
    intake.judge(tick, places.get(tick.code)!)
  }
  return { reports, counts: intake.counts }
}

test('faultySource() without rates gives the pages and batches of the source', async () => {
  const plain = faultySource({ source: truth, faults: { rates: {} }, seed: 1 })
  for (const dataset of truth.datasets.filter((name) => name !== 'ods_tick')) expect(await pagesOf(plain, dataset)).toEqual(await pagesOf(truth, dataset))
  expect(await batchesOf(plain)).toEqual(await batchesOf(truth))
  expect([plain.simulated, plain.datasets]).toEqual([true, truth.datasets])
})

test('faultySource() gives the same faults and the same records twice, others for another seed', async () => {
  const rates = { dup: 0.002, reorder: 0.002, late_row: 0.001, price_spike: 0.001, dropped_minute: 0.002, outage: 1, stale: 0.2, latency: 0.01 }
  const [once, twice, other] = [await feedWith({ rates }), await feedWith({ rates }), await feedWith({ rates }, 4)]
  expect(twice).toEqual(once)
  expect(other.faults).not.toEqual(once.faults)
  expect(new Set(once.faults.map(({ kind }) => kind))).toEqual(new Set(Object.keys(rates)))
})

test('faultySource() delivers its feed in the order of being seen, and what is late at the end', async () => {
  const { delivered, faults } = await feedWith({ rates: { late_row: 0.01, latency: 0.05 } })
  expect(delivered.length).toBe(spotless.length)
  expect(delivered.every(({ seenAt }, i) => i === 0 || seenAt >= delivered[i - 1]!.seenAt)).toBe(true)
  const late = faults.filter(({ kind }) => kind === 'late_row')
  expect(late.length).toBeGreaterThan(100)
  for (const { detail } of late) expect(detail['delay']).toBeGreaterThanOrEqual(120_000)
})

/** How the intake shows each fault of a feed: a report about the very record, or a gap that holds it. */
const SHOWN: Readonly<Partial<Record<FaultKind, readonly IntakeReport['type'][]>>> = {
  dup: ['duplicate'],
  reorder: ['disordered', 'late'],
  late_row: ['late'],
  bad_row: ['not-a-trade'],
  clock_skew: ['future'],
  stale: ['duplicate'],
}

test.each(Object.entries(SHOWN))('the intake finds %s in at least 99 % of all cases, and nothing in a spotless feed', async (kind, types) => {
  const rate = kind === 'stale' ? 0.5 : 0.005
  const { faults, delivered } = await feedWith({ rates: { [kind]: rate } })
  const { reports } = judged(delivered)
  expect(faults.length).toBeGreaterThan(50)
  const shown = new Set(reports.flatMap((report) => (report.type !== 'gap' && types.includes(report.type) ? [`${report.code} ${report.seq}`] : [])))
  const found = faults.filter(({ entity, detail }) => shown.has(`${entity} ${detail['seq']}`))
  expect(found.length / faults.length).toBeGreaterThanOrEqual(0.99)
  const injected = new Set(faults.map(({ entity, detail }) => `${entity} ${detail['seq']}`))
  const falseAlarms = [...shown].filter((key) => !injected.has(key))
  expect(falseAlarms.length / delivered.length).toBeLessThanOrEqual(0.001)
  expect(judged(spotless).reports).toEqual([])
})

test.each(['dropped_minute', 'outage'] as const)('the intake reports a gap for every %s', async (kind) => {
  const { faults, delivered } = await feedWith({ rates: { [kind]: kind === 'outage' ? 1 : 0.005 } })
  expect(faults.length).toBeGreaterThanOrEqual(kind === 'outage' ? 1 : 30)
  const { reports } = judged(delivered)
  const missing = new Map(Map.groupBy(spotless, ({ code }) => code))
  const came = new Set(delivered.map(({ code, seq }) => `${code} ${seq}`))
  const gaps = Map.groupBy(
    reports.filter((report) => report.type === 'gap'),
    ({ code }) => code,
  )
  for (const [code, ticks] of missing)
    for (const { seq, at } of ticks.filter(({ seq: own }) => !came.has(`${code} ${own}`)))
      expect(
        gaps.get(code)?.some((gap) => gap.type === 'gap' && gap.from <= seq && seq <= gap.to),
        `${code} ${seq} at ${at}`,
      ).toBe(true)
  expect(delivered.length).toBeLessThan(spotless.length)
})

test('a day eight hours ahead shows as future or as another day, record by record', async () => {
  const { faults, delivered } = await feedWith({ rates: { zone_shift: 0.3 } })
  const shifted = new Set(faults.map(({ entity }) => entity))
  expect(shifted.size).toBeGreaterThan(3)
  const { reports } = judged(delivered)
  const shown = new Set(reports.filter(({ type }) => type === 'future').map(({ code }) => code))
  expect(shown).toEqual(shifted)
  expect(reports.length).toBeGreaterThanOrEqual(delivered.filter(({ code }) => shifted.has(code)).length)
})

test('a spike is a price that the amount of its record contradicts', async () => {
  const { faults, delivered } = await feedWith({ rates: { price_spike: 0.005 } })
  const contradicted = delivered.filter(({ price, volume, amount }) => Math.abs(amount / volume / price - 1) > 0.02)
  expect(new Set(contradicted.map(({ code, seq }) => `${code} ${seq}`))).toEqual(new Set(faults.map(({ entity, detail }) => `${entity} ${detail['seq']}`)))
})

test('the checks of rows find at least 99 % of the doubled, bad and spiked records of a tick page, and none in a spotless one', async () => {
  const request = { dataset: 'ods_tick', from: last, to: last } as const
  const faults: Fault[] = []
  const rates = { duplicate_row: 0.002, bad_row: 0.002, outlier: 0.002 }
  const found = async (source: Source) => {
    const keys: string[] = []
    let rows = 0
    for await (const { frame, rejected } of checkedSource(source).fetch(request)) {
      rows += frame.length
      for (const { found: text } of rejected ?? []) keys.push(/ts_code=(\S+).* at=(\d+)/.exec(text)!.slice(1, 3).join(' '))
    }
    return { keys: new Set(keys), rows }
  }
  const { keys } = await found(faultySource({ source: truth, faults: { rates }, seed: 9, onFault: (fault) => faults.push(fault) }))
  expect(faults.length).toBeGreaterThan(100)
  const injected = new Set(faults.map(({ entity, at }) => `${entity} ${at}`))
  expect([...injected].filter((key) => keys.has(key)).length / injected.size).toBeGreaterThanOrEqual(0.99)
  expect([...keys].filter((key) => !injected.has(key))).toEqual([])
  expect(await found(truth)).toEqual({ keys: new Set(), rows: spotless.length })
})

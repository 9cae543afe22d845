import { UsageError } from '#core/errors.ts'
import { expect, test } from 'vitest'
import { sim } from './commands/sim.ts'
import { scriptScoreText, truthText } from './sim-truth.ts'

const args = (words: string, options: Readonly<Record<string, unknown>> = {}) => sim.args([words.split(' ')], options)

test('sim truth takes its words and flags, and refuses others by name', () => {
  expect(args('truth plant it.json', { dryRun: true, days: '80', world: 'sim' })).toEqual({ action: 'truth-plant', path: 'it.json', dryRun: true, days: 80 })
  expect(args('truth plant it.json')).toEqual({ action: 'truth-plant', path: 'it.json', dryRun: false })
  expect(args('truth list', { date: '20260105' })).toEqual({ action: 'truth-list', date: 20260105 })
  expect(args('truth score', { count: '20' })).toEqual({ action: 'truth-score', count: 20 })
  expect(args('truth score it.json')).toEqual({ action: 'truth-score', path: 'it.json' })
  const wrong: readonly (readonly [string, Record<string, unknown>, RegExp])[] = [
    ['truth plant', {}, /Cannot plant without a script: name a JSON file/],
    ['truth plant a.json b.json', {}, /it takes one script/],
    ['truth list it.json', {}, /Name a day with --date/],
    ['truth list', { dryRun: true }, /Cannot do "sim truth list" with --dry-run: it takes --date/],
    ['truth plant it.json', { count: '3' }, /it takes --dry-run, --days, --size, --seed/],
    ['truth plant it.json', { size: 'many' }, /Cannot use --size "many"/],
    ['truth', {}, /what there is: score \[script.json\], plant <script.json>, list/],
    ['truth guess', {}, /Cannot do "sim truth guess"/],
  ]
  for (const [words, options, message] of wrong) {
    expect(() => args(words, options), words).toThrow(message)
    expect(() => args(words, options), words).toThrow(UsageError)
  }
})

test('truthText() shows what came about beside what was planned, in Shanghai time', () => {
  const reply = {
    action: 'truth-plant',
    dryRun: false,
    folder: '/data/sim',
    digest: 'abcdef0123456789',
    items: 2,
    planted: [
      {
        item: 1,
        type: 'surge',
        phase: '',
        symbol: '000001.SZ',
        date: 20260105,
        t0: Date.UTC(2026, 0, 5, 2, 5),
        t1: Date.UTC(2026, 0, 5, 2, 10),
        outcome: 'realised',
        plantedValue: 6_990_000,
        plantedNet: 4_080_000,
        realised: [
          { name: 'amplitude', planned: 0.03, realised: 0.0297 },
          { name: 'volume', planned: 4, realised: 3.9998 },
          { name: 'time', planned: 37_800, realised: 37_799 },
        ],
      },
    ],
    missing: [{ item: 2, type: 'sector_wave', symbol: '001003.SZ', date: 20260106 }],
  } as const
  const text = truthText(reply)
  expect(text).toContain('planted in /data/sim: 2 items in all, digest abcdef01')
  expect(text).toMatch(
    /1 +surge +000001.SZ +20260105 +10:05:00–10:10:00 +realised +6.99 +4.08 +amplitude 2.97% \(3.00%\), volume 4.00 times \(4.00 times\), time 10:29:59 \(10:30:00\)/,
  )
  expect(text).toContain('Not planted: item 2 (sector_wave) in 001003.SZ, which does not trade on 20260106.')
  expect(truthText({ ...reply, dryRun: true })).toContain('would be planted in /data/sim; nothing is kept')
  expect(truthText({ action: 'truth-list', items: 0, planted: [] })).toContain('Nothing is planted. See docs/scripts.md')
})

test('scriptScoreText() marks what passes and names detectors that are not there yet', () => {
  const scored = {
    planted: 5,
    found: 4,
    findings: 10,
    explained: 7,
    precision: 0.7,
    recall: 0.8,
    delay: 165,
    least: { recall: 0.95, precision: 0.6 },
    pass: false,
  }
  const text = scriptScoreText([
    { ...scored, type: 'money_burst', detector: 'money_anomaly', isRegistered: true },
    { ...scored, type: 'surge', detector: 'surge', isRegistered: false, recall: null, precision: null, delay: null },
  ])
  expect(text).toMatch(/✗ +money_burst +money_anomaly +5 +4 +80% +≥ 95% +7 of 10 +70% +≥ 60% +165/)
  expect(text).toMatch(/· +surge +surge \(none yet\) +5/)
})

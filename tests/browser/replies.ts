import type { Routes } from '#api/routes/index.ts'
import { instantOf } from '#core/shanghai-time.ts'
import { dateOfDayNumber, dayNumber, tradeDate, weekday } from '#core/trade-date.ts'
import type { z } from 'zod'

export type Path = Routes[number]['path']
export type Reply<P extends Path> = z.output<Extract<Routes[number], { readonly path: P }>['reply']>
type Opportunity = Reply<'GET /api/opportunities'>['rows'][number]

/** A whole, small answer of every endpoint: three candidates, 160 bars, two opportunities. Tests change what they are about. */
export const replies: { readonly [P in Path]: Reply<P> } = {
  'GET /api/candidates': {
    date: 20260105,
    validFor: 20260106,
    lastCompleted: 20260105,
    stale: false,
    simulated: true,
    dates: [20260105, 20251231],
    rows: [
      candidate(1, '600519.SH', '贵州茅台', { close: 1502.3, pct: 0.0312, bigNetSum: 412_345_678, fundQualityScore: 0.94 }),
      candidate(2, '300750.SZ', '宁德时代', { board: 'chinext', close: 251.08, pct: -0.0104, bigNetSum: -34_567, fundQualityScore: 0.81 }),
      candidate(3, '000001.SZ', '平安银行', {
        close: 11.2,
        pct: 0,
        bigNetSum: null,
        fundQualityScore: null,
        fundQualityPct: null,
        status: 'INSUFFICIENT',
        components: [],
      }),
    ],
  },
  'GET /api/opportunities': {
    epoch: 'e1',
    seq: 10,
    session: 'running',
    kind: 'simulated',
    date: 20260106,
    lastEventAt: instantOf(tradeDate(20260106), 10 * 3_600_000),
    rows: [
      opportunity('a', '600519.SH', '贵州茅台'),
      opportunity('b', '300750.SZ', '宁德时代', { direction: 'short', state: 'tracking', discoveredAt: at(9, 40) }),
    ],
  },
  'GET /api/symbols': {
    rows: [
      { code: '600519.SH', name: '贵州茅台', pinyin: 'gzmt', board: 'main', industry: '食品饮料' },
      { code: '300750.SZ', name: '宁德时代', pinyin: 'ndsd', board: 'chinext', industry: '电力设备' },
      { code: '000001.SZ', name: '平安银行', pinyin: 'payh', board: 'main', industry: '银行' },
    ],
  },
  'GET /api/status': {
    now: at(10, 0),
    source: { zh: '模拟市场', en: 'Simulated market' },
    simulated: true,
    engine: { flavour: 'embedded', version: '26.5' },
    lastCompleted: 20260105,
    tables: [
      {
        name: 'dwd_daily',
        layer: 'dwd',
        label: { zh: '日频行情', en: 'Daily bars' },
        waterMark: 20260105,
        rows: 1_234_567,
        state: 'fresh',
        lastBuiltAt: at(8, 0),
      },
      {
        name: 'ads_candidate_daily',
        layer: 'ads',
        label: { zh: '次日候选', en: 'Candidates' },
        waterMark: 20251231,
        rows: 900,
        state: 'stale',
        lastBuiltAt: at(8, 0),
      },
      { name: 'ods_tick', layer: 'ods', label: { zh: '逐笔', en: 'Ticks' }, waterMark: null, rows: 0, state: 'empty', lastBuiltAt: null },
    ],
    run: { run: '20260105-1', state: 'SUCCESS', startedAt: at(7, 0), endedAt: at(8, 0), failedTasks: [] },
    live: { session: 'running', kind: 'simulated', date: 20260106, ticks: 12_345, lastEventAt: at(10, 0), speed: '20x' },
  },
  'GET /api/tables': {
    rows: [
      {
        name: 'ads_candidate_daily',
        layer: 'ads',
        label: { zh: '次日候选', en: 'Candidates' },
        about: 'One row per candidate and date.',
        grain: ['trade_date', 'ts_code'],
        inputs: ['stock_fund_quality'],
        columns: [
          {
            name: 'big_net_sum',
            kind: 'cny',
            unit: 'CNY',
            nullable: true,
            label: { zh: '窗口内大单净额', en: 'Big-order net over the window' },
            about: 'Sum over the rise window.',
          },
        ],
      },
    ],
  },
  'GET /api/klines': klines(),
  'GET /api/stock': stock(),
}

/** The opportunity with this id, changed as told. */
function opportunity(id: string, code: string, name: string, change: Partial<Opportunity> = {}): Opportunity {
  return {
    id,
    code,
    name,
    direction: 'long',
    state: 'discovered',
    confidence: 0.52,
    detectors: ['surge'],
    discoveredAt: at(9, 45),
    updatedAt: at(9, 59),
    ref: 10,
    targetLow: 10.3,
    targetHigh: 10.6,
    stop: 9.8,
    invalidation: 9.7,
    last: 10.12,
    mfe: null,
    mae: null,
    reason: { zh: '三分钟拉升，量比放大', en: 'fast rise on volume' },
    evidence: [{ field: 'r_3m', value: 0.0213, baseline: 0.0031, text: { zh: '三分钟涨幅', en: '3 min return' } }],
    ...change,
  }
}

type Candidate = Reply<'GET /api/candidates'>['rows'][number]

function candidate(rank: number, code: string, name: string, change: Partial<Candidate>): Candidate {
  return {
    rank,
    code,
    name,
    board: 'main',
    close: 10,
    pct: 0,
    fundQualityScore: 0.5,
    fundQualityPct: 1 - rank / 10,
    priceReturn: 0.08,
    windowStart: 20251222,
    windowDays: 8,
    bigNetSum: 0,
    bigNetRatio: 0.021,
    supportRatio: 0.5,
    activityScore: 88.25,
    poolRank: rank * 7,
    status: 'OK',
    components: [
      { metric: 'big_net_ratio_w', value: 0.021, z: 1.2, weight: 0.25, contribution: 0.3 },
      { metric: 'support_ratio', value: null, z: 0, weight: 0.2, contribution: 0 },
      { metric: 'turnover_ratio', value: 0.3, z: -1, weight: 0.05, contribution: -0.05 },
    ],
    ...change,
  }
}

/** An instant of 2026-01-06, Shanghai. */
function at(hour: number, minute: number): number {
  return instantOf(tradeDate(20260106), (hour * 60 + minute) * 60_000)
}

/** 160 weekdays up to 2026-01-05, ascending. */
function days(): readonly number[] {
  const found: number[] = []
  for (let day = dayNumber(tradeDate(20260105)); found.length < 160; day--) {
    const date = dateOfDayNumber(day)
    if (weekday(date) <= 5) found.unshift(date)
  }
  return found
}

/** A wave on a slope: a chart has something to show, and anyone can compute it. */
function closeOn(i: number): number {
  return 10 + i * 0.02 + Math.sin(i / 6)
}

function klines(): Reply<'GET /api/klines'> {
  const dates = days()
  const close = dates.map((_, i) => closeOn(i))
  return {
    code: 0,
    message: 'ok',
    data: {
      symbol: '600519.SH',
      interval: '1d',
      adjust: 'qfq',
      label: 'end',
      timezone: 'Asia/Shanghai',
      source: 'sim',
      count: dates.length,
      klines: {
        time: dates.map((date) => instantOf(tradeDate(date), 15 * 3_600_000)),
        open: close.map((_, i) => closeOn(i - 1)),
        high: close.map((value, i) => Math.max(value, closeOn(i - 1)) + 0.1),
        low: close.map((value, i) => Math.min(value, closeOn(i - 1)) - 0.1),
        close,
        volume: close.map((_, i) => 1_000_000 + 400_000 * Math.cos(i)),
        amount: close.map((value) => value * 1_000_000),
        final: close.map(() => true),
      },
      next_cursor: null,
      prev_cursor: null,
      latest_time: instantOf(tradeDate(20260105), 15 * 3_600_000),
    },
  }
}

function stock(): Reply<'GET /api/stock'> {
  const date = [...days()]
  const each = <T>(value: (i: number) => T) => date.map((_, i) => value(i))
  return {
    code: '600519.SH',
    name: '贵州茅台',
    board: 'main',
    industry: '食品饮料',
    simulated: true,
    bollinger: {
      date,
      mid: each((i) => (i < 19 ? null : closeOn(i) - 0.1)),
      upper: each((i) => (i < 19 ? null : closeOn(i) + 0.9)),
      lower: each((i) => (i < 19 ? null : closeOn(i) - 1.1)),
      adjFactor: each(() => 1),
      pricePosition: each(() => 55),
      bandWidth: each(() => 0.2),
      bandWidthZ: each(() => 0.4),
      volumePosition: each(() => 60),
      flags: each(() => 0),
    },
    micro: {
      date,
      totalValue: each(() => 1e7),
      bigNet: each((i) => 2e6 * Math.sin(i / 3)),
      bigNetOpen: each((i) => 1e6 * Math.sin(i / 3)),
      bigNetMid: each((i) => 7e5 * Math.sin(i / 3)),
      bigNetClose: each((i) => 3e5 * Math.sin(i / 3)),
      orderFlowImbalance: each(() => 0.1),
      bigDensity: each(() => 0.2),
      sideCoverage: each(() => 0.98),
      coverage: each(() => 1),
      quality: each(() => 'OK'),
      grain: each(() => 'AGG'),
      threshold: each(() => 412_000),
    },
    quality: {
      windowStart: 20251222,
      windowEnd: 20260105,
      windowDays: 11,
      score: 0.94,
      pct: 0.9,
      status: 'OK',
      components: [{ metric: 'big_net_ratio_w', value: 0.021, z: 1.2, weight: 0.25, contribution: 0.3 }],
    },
  }
}

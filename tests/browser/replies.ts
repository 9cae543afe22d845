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
    counts: [
      { filter: 'F1', removed: 0, left: 92 },
      { filter: 'F2', removed: 64, left: 28 },
      { filter: 'F3', removed: 23, left: 5 },
      { filter: 'F4', removed: 1, left: 4 },
      { filter: 'F5', removed: 1, left: 3 },
      { filter: 'F6', removed: 0, left: 3 },
    ],
    rows: [
      candidate(1, '600519.SH', '贵州茅台', {
        close: 1502.3,
        pct: 0.0312,
        bigNetSum: 412_345_678,
        fundQualityScore: 0.94,
        selected: true,
        firstFailed: null,
        rankScore: 0.831,
        supportPrice: 1490,
        supportLevelId: 'below',
        supportType: 'support',
        supportScore: 0.71,
        supportPct: 0.82,
        supportTests: 4,
        supportStrength: 0.64,
        distance: 0.0083,
        targetPrice: 1588,
        stopPrice: 1467.65,
        room: 4.38,
        trail: trail('111111'),
      }),
      candidate(2, '300750.SZ', '宁德时代', {
        board: 'chinext',
        close: 251.08,
        pct: -0.0104,
        bigNetSum: -34_567,
        fundQualityScore: 0.81,
        firstFailed: 'F3',
        trail: trail('110111'),
      }),
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
        name: 'strategy_candidates',
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
        name: 'strategy_candidates',
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
  'GET /api/micro/candidates': {
    date: null,
    validFor: null,
    lastCompleted: 20260105,
    stale: false,
    simulated: true,
    dates: [],
    counts: [],
    rows: [],
  },
  'GET /api/micro/pool': { date: null, count: 0, rows: [] },
  'GET /api/micro/daily': { code: '600519.SH', rows: [] },
  'GET /api/micro/fund-quality': { rows: [] },
  'GET /api/micro/level-scores': { code: '600519.SH', rows: [] },
  'GET /api/micro/ticks': {
    code: '600519.SH',
    date: 20260105,
    agg: '3s',
    grain: 'AGG3S',
    source: 'simulator',
    threshold: 400_000,
    truncated: false,
    rows: [tape(0, 1, 120_000, 0), tape(3, -1, 480_000, -480_000), tape(6, 0, 30_000, 0)],
  },
  'GET /api/micro/levels': {
    code: '600519.SH',
    asof: 20260105,
    calcDate: 20260105,
    scoreDate: 20260105,
    close: closeOn(159),
    lastCompleted: 20260105,
    rows: [
      level('above', 'resistance', 1.04, {}),
      level('flip', 'flip', 0.985, { strength: 0.41 }),
      level('below', 'support', 0.98, { tests: 3, supportScore: 0.71, supportPct: 0.82 }),
    ],
  },
  'GET /api/micro/level-tests': {
    code: '600519.SH',
    rows: [
      visit(20260105, 'below', 2, { nextDay: null, nextDayReturn: null }),
      visit(20260105, 'below', 1, { exitSide: 'below', supportScore: 0.22 }),
      visit(20251231, 'above', 1, { type: 'resistance', approach: 'below', exitSide: 'below', supportScore: null, resistanceScore: 0.66 }),
    ],
  },
  'GET /api/klines': klines(),
  'GET /api/klines/batch': { code: 0, message: 'ok', data: { count: 1, series: [klines().data], unknown: [] } },
  'GET /api/realtime': { rows: [], unknown: ['600519.SH'] },
  'GET /api/trades': { symbol: '600519.SH', trade_date: null, source: null, grain: null, rows: [], cursor: null },
  'GET /api/depth': { symbol: '600519.SH', source: 'sim', time_ms: null, origin: null, bids: [], asks: [] },
  'GET /api/market/status': {
    market: 'cn',
    timezone: 'Asia/Shanghai',
    calendar_confidence: 'settled',
    trade_date: 20260105,
    is_trading_day: true,
    is_open: true,
    phase: 'morning',
    phase_since: at(9, 30),
    next_phase: 'lunch',
    next_phase_at: at(11, 30),
    halted_count: null,
    updated_at: at(10, 0),
  },
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

type Level = Reply<'GET /api/micro/levels'>['rows'][number]

/** A level at so many times the newest close. */
function level(id: string, type: Level['type'], times: number, change: Partial<Level>): Level {
  return {
    id,
    price: closeOn(159) * times,
    type,
    flipDir: type === 'flip' ? 'R2S' : null,
    breakDate: null,
    distance: times - 1,
    strength: 0.64,
    swings: 3,
    touched: 6,
    held: 4,
    broken: 2,
    firstDate: 20250901,
    lastTouch: 20251230,
    supportScore: null,
    supportPct: null,
    resistanceScore: null,
    resistancePct: null,
    flipScore: null,
    flipPct: null,
    pctRef: null,
    tests: 0,
    lastTestDate: null,
    ...change,
  }
}

type TapeRow = Reply<'GET /api/micro/ticks'>['rows'][number]

/** A step of the tape so many seconds after 11:31 of 2026-01-05. */
function tape(seconds: number, side: number, value: number, bigNet: number): TapeRow {
  const price = closeOn(159) * 0.98
  return {
    at: instantOf(tradeDate(20260105), (11 * 60 + 31) * 60_000 + seconds * 1000),
    segment: 'AM',
    price,
    high: price,
    low: price,
    volume: Math.round(value / price),
    value,
    buyValue: side > 0 ? value : 0,
    sellValue: side < 0 ? value : 0,
    side,
    records: 1,
    big: bigNet === 0 ? 0 : 1,
    bigNet,
  }
}

type LevelTest = Reply<'GET /api/micro/level-tests'>['rows'][number]

function visit(date: number, levelId: string, test: number, change: Partial<LevelTest>): LevelTest {
  const on = (hour: number, minute: number) => instantOf(tradeDate(date), (hour * 60 + minute) * 60_000)
  return {
    date,
    levelId,
    test,
    calcDate: 20251230,
    price: closeOn(159) * 0.98,
    type: 'support',
    strength: 0.64,
    bandPct: 0.005,
    approach: 'above',
    entryKind: 'normal',
    exitSide: 'above',
    enteredAt: on(9 + test, 31),
    leftAt: on(9 + test, 41),
    confirmedAt: on(9 + test, 44),
    isScored: true,
    prints: 9,
    resumed: 2,
    dwell: 570,
    spansLunch: false,
    value: 6_000_000,
    bigBuyValue: 1_500_000,
    bigSellValue: 780_000,
    bigNet: 720_000,
    bigNetRatio: 0.12,
    orderFlowImbalance: 0.2,
    penetration: 0.003,
    penetrationUp: 0.001,
    penetrationDown: 0.003,
    timeAbove: 0.79,
    timeBelow: 0.11,
    valuePerMinute: 631_579,
    absorbedValue: 2_400_000,
    exitPrice: 12.6,
    return30m: 0.008,
    supportScore: 0.85,
    resistanceScore: null,
    flipScore: null,
    scoreExante: 0.78,
    scoreQuality: 1,
    nextDayReturn: 0.0213,
    nextDay: 20260105,
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
    selected: false,
    firstFailed: 'F2',
    rankScore: null,
    supportPrice: null,
    supportLevelId: null,
    supportType: null,
    supportScore: null,
    supportPct: null,
    supportTests: 0,
    supportStrength: null,
    distance: null,
    resistancePrice: null,
    resistanceLevelId: null,
    resistanceScore: null,
    resistancePct: null,
    targetPrice: null,
    stopPrice: null,
    room: null,
    trail: trail('100101'),
    components: [
      { metric: 'big_net_ratio_w', value: 0.021, z: 1.2, weight: 0.25, contribution: 0.3 },
      { metric: 'support_ratio', value: null, z: 0, weight: 0.2, contribution: 0 },
      { metric: 'turnover_ratio', value: 0.3, z: -1, weight: 0.05, contribution: -0.05 },
    ],
    ...change,
  }
}

/** A filter trail by its six answers: '110111' failed the third. */
export function trail(answers: string): Candidate['trail'] {
  const asked = [
    [1, 1],
    [12, 28],
    [0.82, 0.7],
    [0.41, 0.6],
    [4.38, 1.5],
    [1, 1],
  ] as const
  return asked.map(([value, threshold], i) => {
    const pass = answers[i] === '1'
    return {
      filter: `F${i + 1}` as 'F1',
      pass,
      value: pass ? value : null,
      threshold,
      note: pass ? null : (['', 'no_score', 'no_level', '', 'no_level', 'excluded'][i] ?? null),
    }
  })
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
    shares: { date, floatShares: each(() => 1e7) },
    dividends: [{ date: date[100]!, cash: 0.25, bonus: null }],
    reports: [{ date: date[140]!, period: 20250930 }],
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

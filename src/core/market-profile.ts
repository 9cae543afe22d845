import { SESSION_SHAPES, type SessionShape } from './kline-interval.ts'
import { clockTime } from './shanghai-time.ts'
import type { Zone } from './zone-time.ts'

/** 市场: mainland China, Hong Kong, the United States, and coins round the clock (spec simulator §6.1). */
export const MARKETS = ['cn', 'hk', 'us', 'crypto'] as const

export type Market = (typeof MARKETS)[number]

/** Times of day of a phase, in milliseconds after midnight of the exchange. */
export interface PhaseSpan {
  readonly start: number
  readonly end: number
}

/** 市场概况: what differs between markets and does not change from day to day. Ticks and closures are dated rules; price limits are those of core/price-limit. */
export interface MarketProfile {
  readonly market: Market
  readonly label: { readonly zh: string; readonly en: string }
  readonly zone: Zone
  readonly currency: string
  /** Trading days of a year: converts annual drift and volatility into steps, nothing else. */
  readonly daysPerYear: number
  /** Continuous trading of a full day; China’s closing call counts to its last three minutes. */
  readonly session: SessionShape
  readonly openAuction: PhaseSpan | undefined
  /** On a full day. In Hong Kong and New York it moves with an early close. */
  readonly closeAuction: PhaseSpan | undefined
  /** 申报单位: 'by board' where core/lot tells it, 'by symbol' where each has its own, else the smallest quantity. */
  readonly lot: 'by board' | 'by symbol' | number
  readonly priceLimit: 'by board' | 'none'
  /** When what was bought may be sold. */
  readonly sellable: 'T+1' | 'T+0'
}

/** The profiles by market. Hong Kong’s auction bands and the halts of the United States are left out, as are trades before and after hours. */
export const PROFILES: Readonly<Record<Market, MarketProfile>> = {
  cn: {
    market: 'cn',
    label: { zh: 'A股', en: 'China A shares' },
    zone: 'Asia/Shanghai',
    currency: 'CNY',
    daysPerYear: 243,
    session: SESSION_SHAPES.cn,
    openAuction: span('09:15', '09:25'),
    closeAuction: span('14:57', '15:00'),
    lot: 'by board',
    priceLimit: 'by board',
    sellable: 'T+1',
  },
  hk: {
    market: 'hk',
    label: { zh: '港股', en: 'Hong Kong' },
    zone: 'Asia/Hong_Kong',
    currency: 'HKD',
    daysPerYear: 246,
    session: SESSION_SHAPES.hk,
    openAuction: span('09:00', '09:30'),
    closeAuction: span('16:00', '16:10'),
    lot: 'by symbol',
    priceLimit: 'none',
    sellable: 'T+0',
  },
  us: {
    market: 'us',
    label: { zh: '美股', en: 'United States' },
    zone: 'America/New_York',
    currency: 'USD',
    daysPerYear: 252,
    session: SESSION_SHAPES.us,
    openAuction: span('09:28', '09:30'),
    closeAuction: span('15:50', '16:00'),
    lot: 1,
    priceLimit: 'none',
    sellable: 'T+0',
  },
  crypto: {
    market: 'crypto',
    label: { zh: '数字货币', en: 'Crypto' },
    zone: 'UTC',
    currency: 'USDT',
    daysPerYear: 365,
    session: SESSION_SHAPES.allDay,
    openAuction: undefined,
    closeAuction: undefined,
    lot: 1e-6,
    priceLimit: 'none',
    sellable: 'T+0',
  },
}

function span(start: string, end: string): PhaseSpan {
  return { start: clockTime(start), end: clockTime(end) }
}

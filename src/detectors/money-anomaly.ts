import { defineDetector, type Direction, type Evidence, type Sighting } from '#core/detector.ts'
import { passesEntryGates } from '#core/entry-gates.ts'
import type { FeatureSnapshot } from '#core/feature-snapshot.ts'
import { clamp, ramp } from '#core/ramp.ts'

/**
 * 资金异常: over five minutes buyers (or sellers) press far harder than usual for this time of day while big trades crowd in.
 * `money_in` proposes a long, `money_out` a short, which for a stock that cannot be sold short reads "avoid" (spec intraday §10.5).
 * The vendor's own main-money flow is not on the tick stream, so its 0.10 of the score stays 0 and s reaches at most 0.90.
 */
export const moneyAnomaly = defineDetector({
  name: 'money_anomaly',
  version: '1.0.0',
  label: { zh: '资金异常', en: 'Money anomaly' },
  needs: [
    'last',
    'vwap_day',
    'r_5m',
    'net_5m',
    'net_z5m',
    'big_net_5m',
    'big_density_5m',
    'bd_ratio',
    'adv20',
    'atr_pct',
    'limit_up',
    'limit_down',
    'cum_amount',
    'is_st',
  ],
  params: {
    minNetZ: 3,
    fullNetZ: 6,
    minDensityRatio: 2,
    fullDensityRatio: 6,
    minBigShare: 0.002,
    fullBigShare: 0.01,
    maxOppositeMove: 0.03,
    targetNearAtr: 0.4,
    targetFarAtr: 0.8,
    stopAtr: 0.4,
    vwapAtr: 0.5,
    oppositeNetZ: 1.5,
    oppositeSeconds: 180,
  },
  cooldownSeconds: 600,
  weight: 0.8,
  detect(snapshot, params) {
    const { net_z5m: netZ, bd_ratio: densityRatio, big_net_5m: bigNet, adv20, r_5m: move } = snapshot.values
    const direction: Direction = netZ > 0 ? 'long' : 'short'
    const sign = direction === 'long' ? 1 : -1
    // Written so that a NaN anywhere fails.
    const isTriggered =
      sign * netZ >= params.minNetZ &&
      densityRatio >= params.minDensityRatio &&
      sign * bigNet >= params.minBigShare * adv20 &&
      sign * move >= -params.maxOppositeMove
    if (!isTriggered || !passesEntryGates(snapshot)) return undefined
    const price = levels(direction, snapshot, params)
    if (price === undefined) return undefined
    const scoreParts = [
      { name: 'net_z5m', value: netZ, score: ramp(sign * netZ, params.minNetZ, params.fullNetZ), weight: 0.4 },
      {
        name: 'bd_ratio',
        value: densityRatio,
        score: ramp(Math.log(densityRatio), Math.log(params.minDensityRatio), Math.log(params.fullDensityRatio)),
        weight: 0.25,
      },
      { name: 'big_net_adv', value: bigNet / adv20, score: ramp((sign * bigNet) / adv20, params.minBigShare, params.fullBigShare), weight: 0.25 },
    ]
    const score = scoreParts.reduce((sum, part) => sum + part.score * part.weight, 0)
    return {
      direction,
      kind: direction === 'long' ? 'money_in' : 'money_out',
      confidence: clamp(0.3 + 0.65 * score, 0, 1),
      scoreParts,
      price,
      reason: reasonOf(direction, snapshot),
      evidence: evidenceOf(snapshot),
    }
  },
  invalidates(direction, { values }, params) {
    const sign = direction === 'long' ? 1 : -1
    const edge = values.vwap_day * (1 - sign * params.vwapAtr * values.atr_pct)
    if (sign * (values.last - edge) <= 0)
      return {
        reason: { zh: `价格穿过均价 ${params.vwapAtr} 个 ATR`, en: `price is through the day's VWAP by ${params.vwapAtr} ATR` },
        forSeconds: 0,
      }
    if (sign * values.net_z5m <= -params.oppositeNetZ)
      return {
        reason: { zh: `资金方向反转已持续 ${params.oppositeSeconds / 60} 分钟`, en: `money has run the other way for ${params.oppositeSeconds / 60} minutes` },
        forSeconds: params.oppositeSeconds,
      }
    return undefined
  },
})

type Params = typeof moneyAnomaly.params

/**
 * Targets at 0.4 and 0.8 daily ATR, stop at 0.4 ATR the other way, never beyond the price limits; invalid through the VWAP by half an ATR.
 * Nothing when a level is unknown, when the price already stands at its limit (no room), or when the finding would be born invalid.
 */
function levels(direction: Direction, { values }: FeatureSnapshot, params: Params): Sighting['price'] | undefined {
  const { last, vwap_day: vwap, atr_pct: atr, limit_up: limitUp, limit_down: limitDown } = values
  // A stock without limits that day has NaN limits: nothing is cut off.
  const within = (price: number): number => Math.max(Math.min(price, limitUp === limitUp ? limitUp : Infinity), limitDown === limitDown ? limitDown : 0)
  const sign = direction === 'long' ? 1 : -1
  const near = within(last * (1 + sign * params.targetNearAtr * atr))
  const far = within(last * (1 + sign * params.targetFarAtr * atr))
  const stop = within(last * (1 - sign * params.stopAtr * atr))
  const invalidation = vwap * (1 - sign * params.vwapAtr * atr)
  const hasRoom = sign * (near - last) > 0 && sign * (last - stop) > 0 && sign * (last - invalidation) > 0
  return hasRoom ? { ref: last, targetLow: Math.min(near, far), targetHigh: Math.max(near, far), stop, invalidation } : undefined
}

function reasonOf(direction: Direction, { values }: FeatureSnapshot): Sighting['reason'] {
  const netZ = values.net_z5m.toFixed(1)
  const density = values.bd_ratio.toFixed(1)
  return direction === 'long'
    ? {
        zh: `5 分钟主动买入净占比偏离 ${netZ} 倍标准差，大单密度为平时 ${density} 倍`,
        en: `5-minute net buying is ${netZ} σ above usual, big trades ${density}× as dense`,
      }
    : {
        zh: `5 分钟主动卖出净占比偏离 ${netZ} 倍标准差，大单密度为平时 ${density} 倍`,
        en: `5-minute net selling is ${netZ} σ beyond usual, big trades ${density}× as dense`,
      }
}

function evidenceOf({ values }: FeatureSnapshot): readonly Evidence[] {
  const tenThousand = (cny: number): string => (cny / 10_000).toFixed(0)
  const share = ((values.big_net_5m / values.adv20) * 100).toFixed(2)
  const density = (values.big_density_5m * 100).toFixed(1)
  return [
    {
      field: 'net_z5m',
      value: values.net_z5m,
      baseline: 0,
      text: { zh: `净主动买入 ${tenThousand(values.net_5m)} 万元`, en: `net active buying ${tenThousand(values.net_5m)}0k CNY` },
    },
    { field: 'bd_ratio', value: values.bd_ratio, baseline: 1, text: { zh: `大单密度 ${density}%`, en: `big trades are ${density}% of prints` } },
    {
      field: 'big_net_5m',
      value: values.big_net_5m,
      text: {
        zh: `大单净额 ${tenThousand(values.big_net_5m)} 万元，占日均成交 ${share}%`,
        en: `big-trade net ${tenThousand(values.big_net_5m)}0k CNY, ${share}% of average daily value`,
      },
    },
  ]
}

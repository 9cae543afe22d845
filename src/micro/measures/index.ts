import { activeBuyValue } from './active-buy-value.ts'
import { activeNetValue } from './active-net-value.ts'
import { activeSellValue } from './active-sell-value.ts'
import { auctionValue } from './auction-value.ts'
import { bigBuyRatio } from './big-buy-ratio.ts'
import { bigBuyValue } from './big-buy-value.ts'
import { bigBuyVolume } from './big-buy-volume.ts'
import { bigCount } from './big-count.ts'
import { bigDensity } from './big-density.ts'
import { bigNetRatio } from './big-net-ratio.ts'
import { bigNetValue } from './big-net-value.ts'
import { bigSellRatio } from './big-sell-ratio.ts'
import { bigSellValue } from './big-sell-value.ts'
import { bigSellVolume } from './big-sell-volume.ts'
import { neutralValue } from './neutral-value.ts'
import { orderFlowImbalance } from './order-flow-imbalance.ts'
import { sideCoverage } from './side-coverage.ts'
import { tickCount } from './tick-count.ts'
import { totalValue } from './total-value.ts'
import { totalVolume } from './total-volume.ts'
import { vwap } from './vwap.ts'

/** 微结构度量: every quantity read from the flow sums, in the order of the nightly table. */
export const measures = [
  totalValue,
  totalVolume,
  vwap,
  activeBuyValue,
  activeSellValue,
  activeNetValue,
  neutralValue,
  auctionValue,
  orderFlowImbalance,
  bigBuyValue,
  bigSellValue,
  bigBuyVolume,
  bigSellVolume,
  bigNetValue,
  bigNetRatio,
  bigBuyRatio,
  bigSellRatio,
  bigCount,
  tickCount,
  bigDensity,
  sideCoverage,
] as const

export type MeasureName = (typeof measures)[number]['name']

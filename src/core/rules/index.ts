import { closures } from './closures.ts'
import { commission } from './commission.ts'
import { dividendTax } from './dividend-tax.ts'
import { earlyCloses, foreignClosures } from './foreign-closures.ts'
import { lots } from './lots.ts'
import { noLimitDays } from './no-limit-days.ts'
import { priceLimits } from './price-limits.ts'
import { riskWarningCap } from './risk-warning-cap.ts'
import { stampDuty } from './stamp-duty.ts'
import { tradingSessions } from './trading-sessions.ts'
import { tickSizes } from './tick-sizes.ts'
import { transferFee } from './transfer-fee.ts'

export const rules = [
  tradingSessions,
  priceLimits,
  noLimitDays,
  lots,
  tickSizes,
  stampDuty,
  transferFee,
  commission,
  dividendTax,
  riskWarningCap,
  closures,
  foreignClosures,
  earlyCloses,
] as const

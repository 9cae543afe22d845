import type { Detector } from '#core/detector.ts'
import { moneyAnomaly } from './money-anomaly.ts'

/** 检测器: every detector of the fast river, in the order they are asked. */
export const detectors: readonly Detector[] = [moneyAnomaly]

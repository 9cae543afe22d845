import { steps, type ParameterAxis } from '#backtest/parameter-scan.ts'

/** What is varied when the user names nothing: few settings, a few steps around their defaults, so that a result is never judged without its neighbours. */
export const DEFAULT_SCAN: Readonly<Record<string, readonly ParameterAxis[]>> = {
  bollinger_microstructure: [
    { name: 'stopPct', values: [0.01, 0.015, 0.02] },
    { name: 'minSupportPct', values: [0.6, 0.7, 0.8] },
    { name: 'maxDays', values: [5, 10, 15] },
  ],
  moving_average_cross: [
    { name: 'fast', values: [5, 10, 20] },
    { name: 'slow', values: steps(30, 90, 30) },
  ],
}

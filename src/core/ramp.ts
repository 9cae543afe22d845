/** `x` held between `low` and `high`; NaN stays NaN. */
export function clamp(x: number, low: number, high: number): number {
  return x < low ? low : x > high ? high : x
}

/** 0 at `from` and below, 1 at `to` and above, straight between (spec microstructure §0); NaN stays NaN. */
export function ramp(x: number, from: number, to: number): number {
  return clamp((x - from) / (to - from), 0, 1)
}

/** Price in whole 厘 (1/1000 CNY) from CNY, half up on the decimal value; exact for prices written with at most three decimals. NaN stays NaN. */
export function toMilli(cny: number): number {
  return Math.round(cny * 1000)
}

/** CNY from whole 厘: the double nearest to the decimal price. */
export function toCny(milli: number): number {
  return milli / 1000
}

/** Whole 厘 rounded half up to a multiple of a tick of `tick` 厘. */
export function toTick(milli: number, tick: number): number {
  return Math.floor((2 * milli + tick) / (2 * tick)) * tick
}

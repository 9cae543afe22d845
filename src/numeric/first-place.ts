/** The first place whose value is at least `value`, by bisection; `length` when there is none. The values ascend and hold no NaN. */
export function firstAtLeast(values: ArrayLike<number>, value: number, length: number = values.length): number {
  let [low, high] = [0, length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (values[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}

/** The first place whose value is above `value`; `length` when there is none. One before it stands the last value up to it, −1 when there is none. */
export function firstAbove(values: ArrayLike<number>, value: number, length: number = values.length): number {
  let [low, high] = [0, length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (values[middle]! <= value) low = middle + 1
    else high = middle
  }
  return low
}

/** ramp(x; a, b) = clamp((x − a) / (b − a), 0, 1) (spec microstructure §0). With b < a it falls. NaN stays NaN. Throws RangeError when a = b. */
export function ramp(x: number, a: number, b: number): number {
  if (a === b) throw new RangeError(`Cannot make a ramp: its ends must differ, found ${a} twice`)
  return Math.min(1, Math.max(0, (x - a) / (b - a)))
}

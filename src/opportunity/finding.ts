import type { Detector, Sighting } from '#core/detector.ts'

/** 线索 with its author: what a detector saw, and how far the detector is trusted. */
export interface Finding extends Sighting {
  readonly detector: string
  readonly version: string
  /** Reliability weight W in the combined confidence. */
  readonly weight: number
}

/** Sign a sighting with the detector that made it. */
export function findingOf(detector: Pick<Detector, 'name' | 'version' | 'weight'>, sighting: Sighting): Finding {
  return { ...sighting, detector: detector.name, version: detector.version, weight: detector.weight }
}

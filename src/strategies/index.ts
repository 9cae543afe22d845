import { bollingerMicrostructure } from './bollinger-microstructure.ts'
import { movingAverageCross } from './moving-average-cross.ts'

export const strategies = [bollingerMicrostructure, movingAverageCross] as const

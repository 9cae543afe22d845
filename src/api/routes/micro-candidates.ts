import { defineRoute } from '../route.ts'
import { candidates } from './candidates.ts'

/** 候选 under its name among the microstructure routes (spec microstructure §13): the same answer as `GET /api/candidates`. */
export const microCandidates = defineRoute({ ...candidates, path: 'GET /api/micro/candidates' })

import { foreignSimulator } from './foreign-simulator.ts'
import { simulator } from './simulator.ts'
import { tushare } from './tushare.ts'

/** 数据源: every way the data can come in, as makers that take their settings. The first needs none but a seed and is the default. */
export const sources = [simulator, foreignSimulator, tushare] as const

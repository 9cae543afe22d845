import type { Stream } from './keyed-stream.ts'

/** 行业: the 24 first-level sectors, the commonest first (drawn with weight 1/√rank). */
export const SECTORS = [
  { name: '机械设备', words: ['重工', '机械', '智装', '精工', '传动'] },
  { name: '电子', words: ['电子', '微芯', '光电', '半导', '精密'] },
  { name: '医药生物', words: ['药业', '生物', '医疗', '制药', '康源'] },
  { name: '基础化工', words: ['化工', '新材', '化学', '助剂', '纤维'] },
  { name: '电力设备', words: ['电气', '储能', '光伏', '电源', '能科'] },
  { name: '计算机', words: ['软件', '信息', '数智', '云算', '网安'] },
  { name: '汽车', words: ['汽车', '车业', '动力', '底盘', '轮毂'] },
  { name: '建筑装饰', words: ['建设', '工程', '建筑', '路桥', '装饰'] },
  { name: '公用事业', words: ['电力', '燃气', '水务', '热力', '能源'] },
  { name: '有色金属', words: ['矿业', '铜业', '稀土', '铝业', '锂业'] },
  { name: '交通运输', words: ['物流', '航运', '高速', '港口', '快运'] },
  { name: '食品饮料', words: ['食品', '酒业', '乳业', '饮品', '调味'] },
  { name: '通信', words: ['通信', '光缆', '天线', '网络', '卫通'] },
  { name: '传媒', words: ['传媒', '文化', '影视', '出版', '互娱'] },
  { name: '国防军工', words: ['航电', '防务', '船舶', '航空', '雷达'] },
  { name: '轻工制造', words: ['家居', '纸业', '包装', '文具', '印刷'] },
  { name: '商贸零售', words: ['百货', '商城', '零售', '商贸', '优选'] },
  { name: '农林牧渔', words: ['农业', '牧业', '种业', '饲料', '渔业'] },
  { name: '房地产', words: ['地产', '置业', '城建', '园区', '物业'] },
  { name: '非银金融', words: ['证券', '信托', '期货', '租赁', '资本'] },
  { name: '钢铁', words: ['钢铁', '特钢', '钢管', '板材', '铸造'] },
  { name: '家用电器', words: ['电器', '家电', '厨电', '制冷', '照明'] },
  { name: '环保', words: ['环保', '环境', '净水', '固废', '绿能'] },
  { name: '银行', words: ['银行', '农商', '城商', '储银', '信银'] },
] as const

export const AREAS = ['北京', '上海', '广东', '浙江', '江苏', '山东', '四川', '湖北', '安徽', '福建', '湖南', '陕西'] as const

const FIRST = '霁岚砚桉澜岫珩筠溯蔚砺翊沅朔昀槐潼琅皓隽'
const SECOND = '川屿舟阙庭陌野墟渚峤隰壑汀坞岑峦湄垣甸泽'

/** The sector of a stock, as an index of `SECTORS`: weight 1/√rank. */
export function drawSector(stream: Stream): number {
  const weights = SECTORS.map((_, rank) => 1 / Math.sqrt(rank + 1))
  let left = stream.next() * weights.reduce((sum, weight) => sum + weight, 0)
  const at = weights.findIndex((weight) => (left -= weight) < 0)
  return at < 0 ? SECTORS.length - 1 : at
}

/**
 * 证券简称: an invented name of two to four characters. The ordinal of the stock picks one of 400 stems, so that stems repeat as late as possible;
 * one stock in eight uses the bare stem, the rest add a word of their sector.
 */
export function inventedName(ordinal: number, sector: number): string {
  // 7 is coprime to 20: the walk over the 20 × 20 stems visits each before repeating.
  const step = ordinal % 400
  const stem = FIRST[(step * 7) % 20]! + SECOND[(step + Math.floor(step / 20)) % 20]!
  const round = Math.floor(ordinal / 400)
  if ((ordinal + Math.floor(ordinal / 20)) % 8 === 0 && round === 0) return stem
  const words = SECTORS[sector]!.words
  return round >= words.length ? `${stem}${words[round % words.length]![0]}` : `${stem}${words[(ordinal + round) % words.length]}`
}

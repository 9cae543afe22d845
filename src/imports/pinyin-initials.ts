import { pinyin } from 'pinyin-pro'

/** 拼音首字母: lower-case initials of a name for the symbol search, letters and digits kept: 贵州茅台 → gzmt, *ST 天山 → stts, 万科A → wka. */
export function pinyinInitials(name: string): string {
  return pinyin(name.normalize('NFKC'), { pattern: 'first', toneType: 'none', type: 'array' })
    .join('')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
}

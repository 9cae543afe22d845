import { Command } from 'cmdk'
import { useMemo } from 'react'
import { useNavigate, useRouterState } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { readCode } from '#core/code.ts'
import { readInterval } from '#core/kline-interval.ts'
import { dispatchKey } from '../keys.ts'
import { pages } from '../pages/index.ts'
import { useOpenStock } from '../root-route.ts'
import type { PageSearch } from '../state/page-search.ts'
import { useSettings } from '../state/settings-store.ts'
import { searchEntries, searchSymbols } from '../state/symbol-search.ts'
import { readStored, writeStored } from '../storage.ts'
import { useApi } from '../use-api.ts'
import { useWord } from '../use-word.ts'
import { Dialog } from './dialog.tsx'
import { themeOrder } from './settings-bar.tsx'
import styles from './palette.module.css'

/** Every stock there is: ranked here, so a keystroke needs no network. */
const allSymbols = { limit: 6000 }
const SYMBOLS_FRESH_MS = 3_600_000
/** While the first night runs there are no stocks yet: look again. */
const untilThereAreSome = (reply: { readonly rows: readonly unknown[] } | undefined) => (reply?.rows.length === 0 ? 5_000 : undefined)
const SHOWN = 40
const RECENT = 8

interface PaletteProps {
  readonly text: string
  readonly onText: (text: string) => void
  readonly onClose: () => void
  readonly onHelp: () => void
}

/** 键盘精灵: code, name or pinyin initials, then Enter; also pages and switches. Ranked in the browser over all stocks. */
export function Palette({ text, onText, onClose, onHelp }: PaletteProps) {
  const { t } = useTranslation()
  const word = useWord()
  const navigate = useNavigate()
  const openStock = useOpenStock()
  const { prices, theme, language, choose } = useSettings()
  const { data, error } = useApi('GET /api/symbols', allSymbols, { fresh: SYMBOLS_FRESH_MS, every: untilThereAreSome })
  const entries = useMemo(() => searchEntries(data?.rows ?? []), [data])
  const recent = useMemo(() => recentCodes(), [])
  const needle = text.trim()
  const found = useMemo(
    () => (needle === '' ? recent.flatMap((code) => entries.find(({ row }) => row.code === code)?.row ?? []) : searchSymbols(entries, needle, SHOWN)),
    [entries, needle, recent],
  )
  const isChart = useRouterState({ select: ({ location }) => location.pathname.startsWith('/stock/') })
  const interval = isChart ? intervalOf(needle) : undefined
  const bare = found.length === 0 ? codeOf(needle) : undefined

  const run = (action: () => void) => () => {
    onClose()
    action()
  }
  const open = (code: string) =>
    run(() => {
      writeStored('recent', [code, ...recent.filter((one) => one !== code)].slice(0, RECENT))
      openStock(code)
    })
  const others = [
    ...pages.flatMap(({ path, label, shortcut }) =>
      shortcut === undefined
        ? []
        : [
            {
              group: 'pages' as const,
              text: t(`pages.${label}`),
              keys: `g ${shortcut}`,
              run: () => void navigate({ to: path, search: (before: PageSearch) => before }),
            },
          ],
    ),
    { group: 'commands' as const, text: t('palette.switchLanguage'), keys: '', run: () => choose({ language: language === 'en' ? 'zh-CN' : 'en' }) },
    { group: 'commands' as const, text: t('palette.switchPrices'), keys: '', run: () => choose({ prices: prices === 'red-up' ? 'green-up' : 'red-up' }) },
    { group: 'commands' as const, text: t('palette.switchTheme'), keys: '', run: () => choose({ theme: themeOrder[theme] }) },
    { group: 'commands' as const, text: t('palette.help'), keys: '?', run: onHelp },
  ].filter(({ text: own }) => needle === '' || own.toLowerCase().includes(needle.toLowerCase()))

  return (
    <Dialog label={t('palette.label')} onClose={onClose}>
      <Command shouldFilter={false} loop vimBindings={false} label={t('palette.label')} className={styles['palette']}>
        <Command.Input value={text} onValueChange={onText} placeholder={t('palette.placeholder')} />
        <Command.List>
          {error === null ? undefined : <p className={styles['note']}>{t('palette.failed', { message: error.message })}</p>}
          {data === undefined && error === null ? <p className={styles['note']}>{t('palette.loading')}</p> : undefined}
          {interval === undefined ? undefined : (
            <Command.Item value={`interval ${interval}`} onSelect={run(() => dispatchKey({ type: 'show', interval }))}>
              {t('palette.showInterval', { interval: t(`intervals.${interval}`) })}
            </Command.Item>
          )}
          {found.length > 0 ? (
            <Command.Group heading={needle === '' ? t('palette.recent') : t('palette.stocks')}>
              {found.map(({ code, name, pinyin, board, industry }) => (
                <Command.Item key={code} value={code} onSelect={open(code)} className={styles['stock']}>
                  <span className="number">{code}</span>
                  <span>{name}</span>
                  <span className="number faint">{pinyin.toUpperCase()}</span>
                  <span className="dim">
                    {word('boards', board)}
                    {industry === '' ? '' : ` · ${industry}`}
                  </span>
                </Command.Item>
              ))}
            </Command.Group>
          ) : undefined}
          {bare === undefined ? undefined : (
            <Command.Item value={bare} onSelect={open(bare)}>
              {t('palette.openCode', { code: bare })}
            </Command.Item>
          )}
          {needle !== '' && found.length === 0 && data !== undefined ? <p className={styles['note']}>{t('palette.none', { text: needle })}</p> : undefined}
          {(['pages', 'commands'] as const).map((group) => {
            const own = others.filter((one) => one.group === group)
            return own.length === 0 ? undefined : (
              <Command.Group key={group} heading={t(`palette.${group}`)}>
                {own.map((one) => (
                  <Command.Item key={one.text} value={`${group} ${one.text}`} onSelect={run(one.run)}>
                    <span>{one.text}</span>
                    {one.keys === '' ? undefined : (
                      <span className={styles['keys']}>
                        {one.keys.split(' ').map((key) => (
                          <kbd key={key}>{key}</kbd>
                        ))}
                      </span>
                    )}
                  </Command.Item>
                ))}
              </Command.Group>
            )
          })}
        </Command.List>
        <footer className={styles['foot']}>{t('palette.hint')}</footer>
      </Command>
    </Dialog>
  )
}

/** Have the list of stocks ready before the first key is typed. */
export function useSymbolsAhead(): void {
  useApi('GET /api/symbols', allSymbols, { fresh: SYMBOLS_FRESH_MS, every: untilThereAreSome })
}

function recentCodes(): readonly string[] {
  const kept = readStored('recent')
  return Array.isArray(kept) ? kept.filter((code) => typeof code === 'string').slice(0, RECENT) : []
}

/** The interval a number of minutes means, or D, W, M: no code is that short. */
function intervalOf(text: string) {
  return readInterval(/^\d+$/.test(text) ? `${text}m` : text.toUpperCase())
}

/** A whole code typed by hand, for when the list has not arrived. */
function codeOf(text: string): string | undefined {
  if (!/^\d{6}(?:\.(?:sh|sz|bj))?$/i.test(text)) return undefined
  try {
    return readCode(text)
  } catch {
    // Expected: RangeError for digits outside every stock range.
    return undefined
  }
}

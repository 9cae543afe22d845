import { useTranslation } from 'react-i18next'
import { useSettings } from '../state/settings-store.ts'
import type { ThemeChoice } from '../theme.ts'
import styles from './settings-bar.module.css'

/** The order in which the theme button goes round. */
export const themeOrder = { dark: 'light', light: 'system', system: 'dark' } as const satisfies Record<ThemeChoice, ThemeChoice>

/** Price colours, theme, language and help. Each button says what holds now. */
export function SettingsBar({ onHelp }: { readonly onHelp: () => void }) {
  const { t } = useTranslation()
  const { language, theme, prices, choose } = useSettings()
  const themeText = { dark: t('shell.themeDark'), light: t('shell.themeLight'), system: t('shell.themeSystem') }[theme]
  const pricesText = prices === 'red-up' ? t('shell.pricesRedUp') : t('shell.pricesGreenUp')
  return (
    <div className={styles['bar']}>
      <button
        type="button"
        aria-label={`${t('shell.prices')}: ${pricesText}`}
        title={t('shell.prices')}
        onClick={() => choose({ prices: prices === 'red-up' ? 'green-up' : 'red-up' })}
      >
        <span className="rise" aria-hidden>
          ▲
        </span>
        <span className="fall" aria-hidden>
          ▼
        </span>{' '}
        {pricesText}
      </button>
      <button type="button" aria-label={`${t('shell.theme')}: ${themeText}`} title={t('shell.theme')} onClick={() => choose({ theme: themeOrder[theme] })}>
        <span aria-hidden>◐</span> {themeText}
      </button>
      <button
        type="button"
        aria-label={t('shell.language')}
        title={t('shell.language')}
        lang={language === 'zh-CN' ? 'en' : 'zh-CN'}
        onClick={() => choose({ language: language === 'zh-CN' ? 'en' : 'zh-CN' })}
      >
        {t('shell.languageMark')}
      </button>
      <button type="button" aria-label={t('shell.shortcuts')} title={t('shell.shortcuts')} aria-keyshortcuts="?" onClick={onHelp}>
        ?
      </button>
    </div>
  )
}

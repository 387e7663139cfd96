// A table as a file for a spreadsheet: .xlsx (a ZIP of XML, ECMA-376) or CSV, with the words of the page that shows it.
import { strToU8, zipSync } from 'fflate'
import { zone } from './time'

export type SheetCell = string | number | Date | null | undefined
export interface Sheet {
  /** The name of the sheet: at most 31 signs, none of []:*?/\\ */
  name: string
  columns: string[]
  rows: SheetCell[][]
}

const escaped = (text: string) => text.replace(/[&<>"]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!)
  // XML 1.0 has no control signs but tab and line ends.
  .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
/** 0 → "A", 26 → "AA". */
export const columnLetters = (n: number): string => (n >= 26 ? columnLetters(Math.floor(n / 26) - 1) : '') + String.fromCharCode(65 + (n % 26))
/** Days since 1899-12-30 on the district's clock: how spreadsheets count. */
const serial = (at: Date) => (at.getTime() + zone.value * 60_000) / 86_400_000 + 25_569
const two = (n: number) => String(n).padStart(2, '0')
function clockWords(at: Date): string {
  const d = new Date(at.getTime() + zone.value * 60_000)
  return `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())} ${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`
}

function cellXml(cell: SheetCell, at: string, style = 0): string {
  if (cell === null || cell === undefined || cell === '') return ''
  if (typeof cell === 'number') return Number.isFinite(cell) ? `<c r="${at}"><v>${cell}</v></c>` : ''
  if (cell instanceof Date) return `<c r="${at}" s="2"><v>${serial(cell)}</v></c>`
  return `<c r="${at}" t="inlineStr"${style ? ` s="${style}"` : ''}><is><t xml:space="preserve">${escaped(cell.slice(0, 32_767))}</t></is></c>`
}
const width = (text: string) => [...text].reduce((sum, sign) => sum + (sign > '\u2e7f' ? 2 : 1), 0)
function sheetXml(sheet: Sheet): string {
  const wide = sheet.columns.map((title, i) => Math.min(60, Math.max(8, ...[title, ...sheet.rows.slice(0, 200).map(row => (row[i] instanceof Date ? '2026-01-01 00:00' : String(row[i] ?? '')))].map(width)) + 2))
  const line = (cells: SheetCell[], n: number, style = 0) => `<row r="${n}">${cells.map((cell, i) => cellXml(cell, columnLetters(i) + n, style)).join('')}</row>`
  return '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    + `<cols>${wide.map((w, i) => `<col min="${i + 1}" max="${i + 1}" width="${w}" customWidth="1"/>`).join('')}</cols><sheetData>`
    + line(sheet.columns, 1, 1) + sheet.rows.map((row, i) => line(row, i + 2)).join('') + '</sheetData>'
    + (sheet.columns.length ? `<autoFilter ref="A1:${columnLetters(sheet.columns.length - 1)}${sheet.rows.length + 1}"/>` : '') + '</worksheet>'
}
const kHead = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
const kMain = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const kLinks = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

/** At once and not in a worker, which the policy of our pages does not allow. 1980 is where a ZIP's time begins: the same rows give the same file. */
const zipOf = (files: Record<string, string>) =>
  new Uint8Array(zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])), { mtime: new Date(1980, 0, 1) }))

/** @returns the bytes of a workbook with one sheet: the first row stands and filters, times are times, texts are never formulas */
export function xlsxOf(sheet: Sheet): Uint8Array<ArrayBuffer> {
  const name = escaped(sheet.name.replace(/[[\]:*?/\\]/g, ' ').slice(0, 31) || 'Sheet')
  return zipOf({
    '[Content_Types].xml': kHead + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    '_rels/.rels': kHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${kLinks}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': kHead + `<workbook xmlns="${kMain}" xmlns:r="${kLinks}"><sheets><sheet name="${name}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': kHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${kLinks}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${kLinks}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': kHead + `<styleSheet xmlns="${kMain}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts><fonts count="2"><font><sz val="11"/></font><font><b/><sz val="11"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`,
    'xl/worksheets/sheet1.xml': sheetXml(sheet),
  })
}

/** CSV with a byte order mark, so that Excel reads it as UTF-8; what it would run as a formula is led by an apostrophe. */
export function csvOf(sheet: Sheet): string {
  const one = (cell: SheetCell) => {
    if (cell instanceof Date) return clockWords(cell)
    if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : ''
    const text = (/^[=+\-@\t\r]/.test(cell ?? '') && !/^[+-]?[\d.]+$/.test(cell!) ? "'" : '') + (cell ?? '')
    return /[",\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text
  }
  return '\ufeff' + [sheet.columns, ...sheet.rows].map(row => row.map(one).join(',') + '\r\n').join('')
}

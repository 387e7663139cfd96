// Spreadsheets as an operator's program writes them (.xlsx: a ZIP of XML), and what the node gives back, read again.
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'

const escaped = text => String(text).replace(/[&<>"]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c])
const plain = text => text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name) => ({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" })[name])
const letters = n => (n >= 26 ? letters(Math.floor(n / 26) - 1) : '') + String.fromCharCode(65 + (n % 26))

function zip(files) {
  const parts = [], directory = []
  let at = 0
  for (const [name, text] of Object.entries(files)) {
    const bytes = Buffer.from(text), packed = deflateRawSync(bytes), title = Buffer.from(name)
    const head = Buffer.alloc(30), entry = Buffer.alloc(46)
    head.writeUInt32LE(0x04034b50, 0)
    entry.writeUInt32LE(0x02014b50, 0)
    // The same fields in both: version, flags, method 8 (deflate), time, date, sum, sizes, length of the name.
    for (const [buffer, from] of [[head, 4], [entry, 6]]) {
      buffer.writeUInt16LE(20, from)
      buffer.writeUInt16LE(0x0800, from + 2)
      buffer.writeUInt16LE(8, from + 4)
      buffer.writeUInt32LE(crc32(bytes), from + 10)
      buffer.writeUInt32LE(packed.length, from + 14)
      buffer.writeUInt32LE(bytes.length, from + 18)
      buffer.writeUInt16LE(title.length, from + 22)
    }
    entry.writeUInt16LE(20, 4)
    entry.writeUInt32LE(at, 42)
    parts.push(head, title, packed)
    directory.push(entry, title)
    at += head.length + title.length + packed.length
  }
  const index = Buffer.concat(directory), end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(Object.keys(files).length, 8)
  end.writeUInt16LE(Object.keys(files).length, 10)
  end.writeUInt32LE(index.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, index, end])
}

/** @param rows arrays of cells, headings first */
export function writeSheet(rows) {
  const cell = (value, column, row) => `<c r="${letters(column)}${row + 1}" t="inlineStr"><is><t xml:space="preserve">${escaped(value)}</t></is></c>`
  const body = rows.map((cells, row) => `<row r="${row + 1}">${cells.map((value, column) => (value === '' ? '' : cell(value, column, row))).join('')}</row>`).join('')
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
  return zip({
    '[Content_Types].xml': head + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    '_rels/.rels': head + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    'xl/workbook.xml': head + '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels': head + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    'xl/worksheets/sheet1.xml': head + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${body}</sheetData></worksheet>`,
  })
}

function unzip(bytes) {
  const files = new Map()
  let at = bytes.readUInt32LE(bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6])) + 16)
  while (bytes.readUInt32LE(at) === 0x02014b50) {
    const [method, size, name, extra, note, from] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20), bytes.readUInt16LE(at + 28), bytes.readUInt16LE(at + 30), bytes.readUInt16LE(at + 32), bytes.readUInt32LE(at + 42)]
    const start = from + 30 + bytes.readUInt16LE(from + 26) + bytes.readUInt16LE(from + 28)
    const packed = bytes.subarray(start, start + size)
    files.set(bytes.subarray(at + 46, at + 46 + name).toString(), (method === 8 ? inflateRawSync(packed) : packed).toString())
    at += 46 + name + extra + note
  }
  return files
}

/** The rows of the first sheet as arrays of texts. */
export function readSheet(bytes) {
  const files = unzip(bytes)
  const said = xml => plain([...xml.matchAll(/<t[^>]*>([^<]*)<\/t>/g)].map(found => found[1]).join(''))
  const shared = [...(files.get('xl/sharedStrings.xml') ?? '').matchAll(/<si>(.*?)<\/si>/gs)].map(found => said(found[1]))
  return [...files.get('xl/worksheets/sheet1.xml').matchAll(/<row[^>]*?(?:\/>|>(.*?)<\/row>)/gs)].map(row => {
    const cells = []
    for (const [, attributes, body = ''] of (row[1] ?? '').matchAll(/<c([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)) {
      const place = /r="([A-Z]+)/.exec(attributes)?.[1]
      const column = place ? [...place].reduce((n, c) => n * 26 + c.charCodeAt(0) - 64, 0) - 1 : cells.length
      const value = /<v>([^<]*)<\/v>/.exec(body)?.[1] ?? ''
      cells[column] = attributes.includes('t="s"') ? shared[Number(value)] : body.includes('<is>') ? said(body) : plain(value)
    }
    return Array.from(cells, cell => cell ?? '')
  })
}

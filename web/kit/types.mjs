// Makes src/schema.ts from the OpenAPI document that the contract test keeps: `npm run types` in web/.
// Schemas become interfaces ("cases.Case" is CasesCase), routes become members of `Routes` with what they take and answer.
import { readFileSync, writeFileSync } from 'node:fs'

const here = new URL('.', import.meta.url)
const document = JSON.parse(readFileSync(new URL('../../test/contract/openapi.golden.json', here), 'utf8'))

const typeName = component => component.replace(/(^|[^A-Za-z0-9$]+)([a-z0-9]?)/g, (_, __, letter) => letter.toUpperCase())
const property = name => (/^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) ? name : JSON.stringify(name))
const list = text => (/[ |&]/.test(text) ? `(${text})[]` : `${text}[]`)

function type(schema) {
  if (!schema || Object.keys(schema).length === 0) return 'unknown'
  if (schema.$ref) return typeName(schema.$ref.split('/').pop())
  const choice = schema.oneOf ?? schema.anyOf
  if (choice && !schema.properties) return choice.map(type).join(' | ')
  if (Array.isArray(schema.type)) return schema.type.map(one => type({ ...schema, type: one })).join(' | ')
  if (schema.enum) return schema.enum.map(value => JSON.stringify(value)).join(' | ')
  switch (schema.type) {
    case 'integer':
    case 'number':
      return 'number'
    case 'array':
      return list(type(schema.items))
    case 'object':
      if (isList(schema)) return `List<${type(schema.properties.items.items)}>`
      if (schema.properties) return members(schema, '  ')
      return `Record<string, ${typeof schema.additionalProperties === 'object' ? type(schema.additionalProperties) : 'unknown'}>`
    default:
      return schema.type
  }
}

const isList = schema => schema.properties?.items?.type === 'array' && schema.properties?.next !== undefined

function members(schema, indent) {
  const lines = Object.entries(schema.properties).map(([name, of]) => {
    const note = of.description ? `  /** ${of.description} */\n` : ''
    return `${note}${indent}${property(name)}${schema.required?.includes(name) ? '' : '?'}: ${type(of)}\n`
  })
  return `{\n${lines.join('')}${indent.slice(2)}}`
}

const json = content => content?.['application/json']?.schema

function query(operation) {
  const parts = []
  for (const parameter of operation.parameters ?? []) {
    const of = parameter.$ref ? document.components.parameters[parameter.$ref.split('/').pop()] : parameter
    if (of.in === 'query') parts.push(`${property(of.name)}?: ${type(of.schema)}`)
  }
  return parts.length ? `{ ${parts.join('; ')} }` : 'Record<string, never>'
}

let text = `// Made by \`npm run types\` from test/contract/openapi.golden.json. Do not edit.
/* Times and dates, durations and ids are strings. */

export interface List<T> {
  items: T[]
  next: string | null
  count?: number
}
`
for (const [name, schema] of Object.entries(document.components.schemas))
  text += schema.properties
    ? `\nexport interface ${typeName(name)} ${members(schema, '  ')}\n`
    : `\nexport type ${typeName(name)} = ${type(schema)}\n`

text += '\n/** By "METHOD /path": what an operation takes and answers. */\nexport interface Routes {\n'
for (const [path, operations] of Object.entries(document.paths))
  for (const [method, operation] of Object.entries(operations)) {
    const done = operation.responses['2XX']
    const body = operation.requestBody ? (json(operation.requestBody.content) ? type(json(operation.requestBody.content)) : 'Blob') : 'undefined'
    const answer = json(done.content) ? type(json(done.content)) : 'unknown'
    text += `  /** ${operation.summary} */\n  ${JSON.stringify(`${method.toUpperCase()} ${path}`)}: { query: ${query(operation)}; body: ${body}; answer: ${answer} }\n`
  }
writeFileSync(new URL('src/schema.ts', here), text + '}\n')

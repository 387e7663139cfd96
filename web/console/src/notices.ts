// What a sheet of notices says.
import { caseKnown, either, pathName, word, type Notice } from '@lifang/kit'
import { w } from './shared'
import type { Column } from './sheets'

export const noticeColumns = (): Column<Notice>[] => [
  { key: 'at', title: w('时间', 'At') }, { key: 'class', title: w('类别', 'Class'), text: n => word('notice_class', n.class) }, { key: 'title', title: w('标题', 'Title'), text: n => either(n.title, n.title_en) },
  { key: 'text', title: w('内容', 'Text'), text: n => either(n.text, n.text_en) }, { key: 'place', title: w('地点', 'Place'), text: n => pathName(n.path, 2) }, { key: 'channel', title: w('途径', 'Channel'), text: n => word('channel', n.channel) },
  { key: 'number', title: w('工单', 'Case'), text: n => caseKnown(n.case)?.number ?? '' }, { key: 'read_at', title: w('已读', 'Read') },
]

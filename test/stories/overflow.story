# An overflow that the property company misses and the street ends.
the day is 2026-03-02
place xihu is the district 西湖区
place wenxin is the street 文新街道 in xihu
place fuyuan is the compound 府苑新村 in wenxin
place b3 is the building 3幢 in fuyuan
duty cleaner at fuyuan: old-chen for fuyuan-estate
duty street-waste at wenxin: xiao-lin for wenxin-street
zhao lives in fuyuan
street-lead runs the desk of wenxin

08:00 zhao reports bin-full at b3 "垃圾桶满出来了" as C1
case C1 opens for cleaner
case C1 is held by old-chen
case C1 is due 2026-03-02 08:15
old-chen hears 满溢

# Seventy per cent of a quarter of an hour, then the quarter itself.
08:11 case C1 stands in the micro circle
old-chen hears "接单时限将至"
08:14 case C1 is not overdue
08:15 case C1 stands in the small circle
case C1 was late
case C1 is held by xiao-lin
the diary of C1 says "由社区微循环升级到街镇小循环"
zhao hears "升级到街镇小循环"

old-chen accepts C1 refused cases.not_yours
08:40 xiao-lin accepts C1
09:30 xiao-lin arrives at C1
10:00 xiao-lin handles C1 because "已清空并冲洗"
xiao-lin verifies C1 refused cases.doer_may_not_verify
10:30 street-lead verifies C1
case C1 is verified
2026-03-03 10:30 case C1 is closed
zhao rates C1 5 and solved
the rates of fuyuan-estate are response 0 of 1
the rates of wenxin-street are response 1 of 1

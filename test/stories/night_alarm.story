# An alarm at night that the first guard does not answer.
the day is 2026-03-02
place xihu is the district 西湖区
place wenxin is the street 文新街道 in xihu
place fuyuan is the compound 府苑新村 in wenxin
place b3 is the building 3幢 in fuyuan
duty guard at fuyuan: wang,li from 20:00 to 08:00 for fuyuan-estate
duty estate-office at fuyuan: manager for fuyuan-estate
duty street-safety at wenxin: xiao-lin for wenxin-street

2026-03-03 02:00 situation S1 opens ebike-in-lift at b3 by device lift-3 as C1
it rings at wang for C1
wang hears 电动车入梯
02:01 it rings at li for C1
case C1 is held by li
li hears "前一人未应答"
li accepts C1
nothing rings for C1
02:02 situation S1 clears
case C1 ended solved
the diary of C1 says "设备复测恢复正常"

# The next night nobody answers at all: the deadline brings it to the street.
2026-03-04 02:00 situation S2 opens ebike-in-lift at b3 by device lift-3 as C2
02:01 it rings at li for C2
02:02 it rings at xiao-lin for C2
case C2 stands in the small circle
02:03 nobody answered for C2

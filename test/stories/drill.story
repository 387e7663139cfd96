# A drill at night: the chain of the e-bike alarm rings real people; no machine moves and nothing counts.
the day is 2026-03-02
place xihu is the district 西湖区
place wenxin is the street 文新街道 in xihu
place fuyuan is the compound 府苑新村 in wenxin
place b3 is the building 3幢 in fuyuan
duty guard at fuyuan: wang,li from 20:00 to 08:00 for fuyuan-estate
duty estate-office at fuyuan: manager for fuyuan-estate
duty street-safety at wenxin: xiao-lin for wenxin-street
manager runs the desk of fuyuan

22:00 wang drills ebike-in-lift at b3 as D1 with the case C1 refused access.no_right
22:00 manager drills ebike-in-lift at b3 as D1 with the case C1
it rings at wang for C1
wang hears "【演练】电动车入梯"
manager drills ebike-in-lift at b3 as D2 with the case C2 refused drills.runs_already
22:01 it rings at li for C1
li accepts C1
nothing rings for C1
in the drill D1 li answered after 0 seconds
in the drill D1 wang did not answer
# Neither has a number in the register: that is what a drill is for.
in the drill D1 2 could not be reached
22:10 manager ends the drill D1
the drill D1 is over
case C1 is closed
the diary of C1 says "演练结束，不计入考核"
no machine was told anything
no rate counts fuyuan-estate

# Nobody ends the next one: it ends by itself.
2026-03-03 22:00 manager drills ebike-in-lift at b3 as D3 with the case C3
22:29 case C3 is assigned
22:30 the drill D3 is over
nothing rings for C3

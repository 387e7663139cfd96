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

# With telephones: one lets it ring, one number is dead, and the next is called at once and not after the whole minute.
the node calls telephones
zhang-san is registered at b3 with the phone 13800000001
li-si is registered at b3 with the phone 13800000002
wang-wu is registered at b3 with the phone 13800000003
duty guard at fuyuan: zhang-san,li-si,wang-wu from 08:00 to 20:00 for fuyuan-estate
2026-03-04 10:00:00 manager drills ebike-in-lift at b3 as D4 with the case C4
it rings at zhang-san for C4
10:00:20 the call of zhang-san is no_answer
it rings at li-si for C4
10:00:25 the call of li-si is dead
it rings at wang-wu for C4
10:00:40 wang-wu accepts C4
in the drill D4 it rang at zhang-san after 0 seconds and the call was no_answer
in the drill D4 it rang at li-si after 20 seconds and the call was dead
in the drill D4 it rang at wang-wu after 25 seconds and the call was nothing
in the drill D4 zhang-san did not answer
in the drill D4 li-si did not answer
in the drill D4 wang-wu answered after 15 seconds
in the drill D4 1 could not be reached

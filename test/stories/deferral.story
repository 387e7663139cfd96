# A deferral that comes due on the first working day after Spring Festival.
the day is 2026-02-13
place xihu is the district 西湖区
place wenxin is the street 文新街道 in xihu
place fuyuan is the compound 府苑新村 in wenxin
place b3 is the building 3幢 in fuyuan
duty repairer at fuyuan: master-li for fuyuan-estate
duty street-office at wenxin: xiao-lin for wenxin-street
zhao lives in fuyuan
manager runs the desk of fuyuan
street-lead runs the desk of wenxin

10:00 zhao reports leak at b3 "外墙渗水" as C1
10:10 master-li accepts C1
10:30 master-li defers C1 until 2026-02-16 because "春节停工，配件节后才到"
case C1 is accepted
manager approves C1 refused cases.not_yours
11:00 street-lead approves C1
case C1 sleeps until 2026-02-24 08:30
zhao hears "同意挂账至2月24日"

# The 14th is a Saturday that is worked; from the 15th to the 23rd everybody rests.
2026-02-24 08:29 case C1 is deferred
2026-02-24 08:30 case C1 is accepted
# Three hours and ten minutes were left when it was put off.
case C1 is due 2026-02-24 11:40
master-li hears "挂账到期"

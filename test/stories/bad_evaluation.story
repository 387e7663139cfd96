# A bad evaluation opens the case again; a second one brings it to a mediator above.
the day is 2026-03-02
place xihu is the district 西湖区
place wenxin is the street 文新街道 in xihu
place fuyuan is the compound 府苑新村 in wenxin
place b3 is the building 3幢 in fuyuan
duty repairer at fuyuan: master-li for fuyuan-estate
duty street-office at wenxin: xiao-lin for wenxin-street
zhao lives in fuyuan
manager runs the desk of fuyuan

08:00 zhao reports leak at b3 as C1
08:05 master-li accepts C1
09:00 master-li handles C1 because 已修
manager verifies C1
manager closes C1
zhao hears 请评价
master-li rates C1 5 refused evaluations.unknown
zhao rates C1 2
case C1 is reopened
case C1 is held by master-li
zhao rates C1 2 refused evaluations.not_yet
09:10 master-li accepts C1
10:00 master-li handles C1 because 又修了一次
manager verifies C1
zhao rates C1 1 and not solved
case C1 stands in the small circle
case C1 is held by xiao-lin
case C1 is supervised
the diary of C1 says "由上一级调解"

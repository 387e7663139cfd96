# A repairer in the cellar, where there is no network: what he does waits on his phone and is told in order, once, when he
# comes up again. What has changed meanwhile is refused and told him; it changes nothing.
the day is 2026-03-02
place xihu is the district 西湖区
place wenxin is the street 文新街道 in xihu
place fuyuan is the compound 府苑新村 in wenxin
place cellar is the spot 地下泵房 in fuyuan
place b3 is the building 3幢 in fuyuan
duty repairer at fuyuan: master-li for fuyuan-estate
duty street-office at wenxin: xiao-lin for wenxin-street
zhao lives in fuyuan
qian lives in fuyuan
manager runs the desk of fuyuan

08:00 zhao reports leak at cellar "泵房漏水" as C1
case C1 opens for repairer
qian reports leak at b3 "楼道漏水" as C2
case C2 opens for repairer

08:02 master-li goes where there is no network
master-li accepts C1 on his phone
08:05 master-li arrives at C1 on his phone
08:06 master-li accepts C2 on his phone
08:09 master-li handles C1 on his phone because "换了密封圈，已不漏"
# Nobody has heard of it yet; the desk meanwhile finds that the second is none.
case C1 is assigned
zhao does not hear 办结
08:10 manager dismisses C2 because "是拖地的水"
case C2 is closed

08:12 master-li is back in the network
case C1 is handled
the diary of C1 tells accept,arrive,handle in this order, each once
the phone of master-li says that accept of C2 was refused with cases.not_in_this_state
case C2 is closed
the phone of master-li keeps nothing back
# What had gone out is not sent a second time.
08:30 master-li is back in the network
the diary of C1 tells accept,arrive,handle in this order, each once
08:40 manager verifies C1
zhao rates C1 5 and solved

# Whoever is too long below is overtaken by the deadline: nothing stands still because of a dead spot.
2026-03-03 09:00 zhao reports leak at cellar "又漏了" as C3
case C3 is held by master-li
09:01 master-li goes where there is no network
master-li accepts C3 on his phone
09:15 case C3 stands in the small circle
case C3 is held by xiao-lin
09:20 master-li is back in the network
the phone of master-li says that accept of C3 was refused with cases.not_yours
case C3 is held by xiao-lin

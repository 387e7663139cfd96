# A round in the evening: a finding becomes a case, a phone in the cellar tells later, and who does not come is off duty.
the day is 2026-03-02
place xihu is the district 西湖区
place fuyuan is the compound 府苑新村 in xihu
place gate is the spot 东门 in fuyuan
place cellar is the spot 地下泵房 in fuyuan
duty guard at fuyuan: wang for fuyuan-estate
duty repairer at fuyuan: master-li for fuyuan-estate
duty estate-office at fuyuan: manager for fuyuan-estate
the route evening of fuyuan has points at gate,cellar
guard goes evening at 20:00 within 30 minutes or attendant-absent is told

20:05 wang checks in at gate
zhao checks in at gate refused rosters.not_your_round
# There is no network in the cellar: the phone keeps it and tells it when it is back up.
20:20 the phone of wang tells that it was at cellar at 20:12
the round is done

2026-03-03 20:10 wang finds leak at cellar "水泵漏水"
a case leak opens at cellar as C1
case C1 opens for repairer
wang checks in at gate
the round is done

# The next evening nobody comes.
2026-03-04 20:29 the round is open
20:30 the round is missed
a case attendant-absent opens at fuyuan as C2
case C2 opens for estate-office

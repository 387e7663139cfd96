# The attendant of the bins is not at her post; the camera says so, and says when she is back.
the day is 2026-03-02
place xihu is the district 西湖区
place wenxin is the street 文新街道 in xihu
place fuyuan is the compound 府苑新村 in wenxin
place b3 is the building 3幢 in fuyuan
duty estate-office at fuyuan: manager from 07:00 to 19:00 for fuyuan-estate
duty community-office at fuyuan: community for fuyuan-community

08:00 situation S1 opens attendant-absent at b3 by device camera-bins as C1
case C1 opens for estate-office
08:05 manager accepts C1
08:20 situation S1 clears
case C1 is closed
# She leaves again within a quarter of an hour: it had not ended.
08:30 situation S2 opens attendant-absent at b3 by device camera-bins as C2
case C1 and C2 are one
case C1 is reopened
08:35 manager accepts C1
08:40 situation S2 clears
case C1 is closed

# In the evening the office is empty: the community answers, and the diary says why.
20:00 situation S3 opens attendant-absent at b3 by device camera-bins as C3
case C3 opens for community-office
the diary of C3 says "物业值班室此刻无人值守，由社区值班室承办"

# Where no camera looks on, rounds do: who is to look at the bins twice a morning and does not come is absent.
the route bins of fuyuan has points at b3
bin-attendant goes bins at 08:00 within 30 minutes or attendant-absent is told
duty bin-attendant at fuyuan: old-chen from 07:00 to 11:00 for fuyuan-estate
2026-03-03 08:10 old-chen checks in at b3
the round is done
no case attendant-absent is open at fuyuan
2026-03-04 08:29 the round is open
08:30 the round is missed
a case attendant-absent opens at fuyuan as C4
case C4 opens for estate-office
case C4 is due 2026-03-04 08:40
the cause of C4 is the round
# The office does not move either: the street has it ten minutes later.
08:40 case C4 stands in the small circle
case C4 was late

# The same leak, seen from two homes above one another: one case. Noise is only proposed as the same.
the day is 2026-03-02
place xihu is the district 西湖区
place wenxin is the street 文新街道 in xihu
place fuyuan is the compound 府苑新村 in wenxin
place b3 is the building 3幢 in fuyuan
place b3-201 is the home 201 in b3
place b3-301 is the home 301 in b3
place b3-601 is the home 601 in b3
duty repairer at fuyuan: master-li for fuyuan-estate
duty guard at fuyuan: wang for fuyuan-estate
zhao lives in fuyuan
qian lives in fuyuan
sun lives in fuyuan

20:00 zhao reports leak at b3-201 "天花板在滴水" as C1
20:10 qian reports leak at b3-301 "水管在漏" as C2
case C1 and C2 are one
master-li hears "3幢 301"
20:20 sun reports leak at b3-601 "厨房漏水" as C3
case C1 has 2 reporters
case C3 has 1 reporters
21:00 zhao reports noise at b3-201 "楼上很吵" as C4
21:05 qian reports noise at b3-301 "楼下很吵" as C5
the diary of C5 says "可能是同一件事"
case C4 has 1 reporters

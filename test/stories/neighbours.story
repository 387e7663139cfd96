# Two neighbours report the same leak: one case, both are told.
the day is 2026-03-02
place xihu is the district 西湖区
place wenxin is the street 文新街道 in xihu
place fuyuan is the compound 府苑新村 in wenxin
place b3 is the building 3幢 in fuyuan
duty repairer at fuyuan: master-li for fuyuan-estate
zhao lives in fuyuan
qian lives in fuyuan

20:00 zhao reports leak at b3 "楼道漏水" as C1
20:10 qian reports leak at b3 "三楼天花板在滴水" as C2
case C1 and C2 are one
case C1 has 2 reporters
master-li hears "另有居民上报"
20:12 master-li accepts C1
zhao hears 已接单
qian hears 已接单
21:00 master-li handles C1 because 已换水管
zhao verifies C1
case C1 is verified
qian hears 上报人确认已解决

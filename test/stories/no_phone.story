# A woman of seventy-five without a phone, from her report to her evaluation.
the day is 2026-03-02
place xihu is the district 西湖区
place wenxin is the street 文新街道 in xihu
place fuyuan is the compound 府苑新村 in wenxin
place b3 is the building 3幢 in fuyuan
duty repairer at fuyuan: master-li for fuyuan-estate
manager runs the desk of fuyuan

08:00 manager takes the call of granny-wu about street-light at b3 "楼道灯不亮，晚上看不见" as C1
the diary of C1 says "收到上报（电话，工作人员代录）"
09:00 master-li accepts C1
11:00 master-li handles C1 because 换了灯泡
manager verifies C1
manager closes C1
manager must tell granny-wu 已结案
manager must tell granny-wu 请评价
the diary of C1 says "已通过电话告知上报人"
manager rates C1 5 and solved
the diary of C1 says "上报人评价：5分"

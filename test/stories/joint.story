# A joint order: the case is handled when every part is.
the day is 2026-03-02
place xihu is the district 西湖区
place wenxin is the street 文新街道 in xihu
place fuyuan is the compound 府苑新村 in wenxin
place b3 is the building 3幢 in fuyuan
duty grid-worker at fuyuan: liu for fuyuan-community
duty police at xihu: officer for police
duty urban-management at xihu: chengguan for urban-management
zhao lives in fuyuan
community runs the desk of fuyuan

09:00 zhao reports stall at b3 "路口占道卖菜" as C1
09:30 liu accepts C1
09:40 liu shares C1 with police 疏导交通 and urban-management 规劝摊主 within 4 hours
officer hears 疏导交通
chengguan hears 规劝摊主
liu handles C1 refused cases.parts_open
C1 is in the queue of officer
11:00 officer finishes their part of C1
C1 is not in the queue of officer
case C1 is accepted
13:40 the diary of C1 says "分项2（区城管局）超过时限"
case C1 was late
case C1 is supervised
liu hears "超过时限"
14:00 chengguan finishes their part of C1
case C1 is handled
chengguan verifies C1 refused cases.doer_may_not_verify
community verifies C1
case C1 is verified

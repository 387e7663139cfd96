# A whistle with three bureaus, of which one reports in late.
the day is 2026-03-02
place xihu is the district 西湖区
place wenxin is the street 文新街道 in xihu
place fuyuan is the compound 府苑新村 in wenxin
place b3 is the building 3幢 in fuyuan
duty guard at fuyuan: wang for fuyuan-estate
duty street-order at wenxin: xiao-lin for wenxin-street
duty street-safety at wenxin: safety for wenxin-street
duty police at xihu: officer for police
duty fire at xihu: fireman for fire
duty urban-management at xihu: chengguan for urban-management
zhao lives in fuyuan

18:00 zhao reports fire-lane-blocked at b3 "消防通道停满了车" as C1
18:05 wang accepts C1
zhao whistles for C1 refused cases.not_late
18:20 wang whistles for C1 and calls police,fire,urban-management within 30 minutes
case C1 stands in the small circle
case C1 is held by xiao-lin
officer hears "请于3月2日 18:50前报到"
C1 is in the queue of officer
C1 is in the queue of chengguan
18:25 xiao-lin accepts C1
18:30 officer reports in to C1
C1 is not in the queue of officer
18:35 chengguan reports in to C1
wang reports in to C1 refused cases.not_yours
18:50 the diary of C1 says "消防救援未按时报到"
fireman hears "未按时报到"
wang hears "未按时报到"
xiao-lin hears "未按时报到"
officer does not hear "未按时报到"
case C1 is supervised
C1 is in the queue of fireman
19:05 fireman reports in to C1
fire was late for C1
the diary of C1 says "消防救援迟到报到"
fireman reports in to C1 refused cases.not_called
